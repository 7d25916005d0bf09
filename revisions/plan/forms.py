"""計画の様式: the sheet as a form, and the acts on a draft."""
