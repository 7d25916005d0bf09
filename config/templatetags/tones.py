"""Which tone a state is shown in. The word comes from the state itself."""

TONES = {
    state: tone
    for tone, states in {
        "waiting": "undelivered pending_receipt preparing drafting draft waiting",
        "active": "received accepting answering consulting convened in_session issued announced"
        " drafted fixed open circulating scheduled active in_review compiling proxy resumed"
        " commented",
        "done": "closed concluded answered accepted adopted published signed met decided approved"
        " taken present concurred pulled_up post_reviewed read applied",
        "warn": "sent_back returned adjourned held pulled_back post_review_due",
        "bad": "passed rejected dissented failed",
        "off": "skipped cancelled withdrawn waived not_applicable superseded lifted absent"
        " declined",
    }.items()
    for state in states.split()
}


def tone_of(state: str) -> str:
    """Return a key of SHAPES for the value of any state."""
    return TONES.get(state, "neutral")
