"""Which tone a state is shown in. The word comes from the state itself."""

TONES = {
    state: tone
    for tone, states in {
        "waiting": "undelivered pending_receipt preparing drafting draft waiting",
        "active": "received accepting answering consulting convened in_session issued announced"
        " drafted fixed open circulating active in_review proxy",
        "done": "closed concluded answered accepted adopted published signed met decided approved"
        " present",
        "warn": "sent_back returned adjourned",
        "bad": "passed rejected",
        "off": "skipped cancelled withdrawn waived not_applicable superseded lifted absent",
    }.items()
    for state in states.split()
}


def tone_of(state: str) -> str:
    """Return a key of SHAPES for the value of any state."""
    return TONES.get(state, "neutral")
