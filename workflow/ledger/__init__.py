"""帳面: what a command moves, records and tells, written at its end in one statement."""
