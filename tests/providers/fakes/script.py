"""What a prompt makes a fake vendor do: a case in square brackets anywhere in it; without one, the order succeeds."""

OK = "ok"
MODERATED = "moderated"  # refused at the submit
MODERATED_LATER = "moderated later"
FAILED_LATER = "failed later"
RATE_LIMITED = "rate limited"  # the first submit of the text; the next one succeeds
OUT_OF_CREDIT = "out of credit"
SERVER_ERROR = "server error"
HANG = "hang"  # the order is taken and never answered
RESET = "reset"  # the order is taken and the connection reset
GARBAGE = "garbage"  # success, with a body that is not JSON
GARBAGE_LATER = "garbage later"  # the first look only
BUSY_LATER = "busy later"  # the first look is a 503, the next ones are as ever
NEW_STATUS = "new status"  # looks answer with a status nobody has documented, until done
EXPIRED_LINK = "expired link"  # the first link to the file has expired; a further look gives one that works
DEAD_LINK = "dead link"  # no link ever works
ECHO = "echo"  # refused with words that repeat our key
KINDS = (
    MODERATED,
    MODERATED_LATER,
    FAILED_LATER,
    RATE_LIMITED,
    OUT_OF_CREDIT,
    SERVER_ERROR,
    HANG,
    RESET,
    GARBAGE,
    GARBAGE_LATER,
    BUSY_LATER,
    NEW_STATUS,
    EXPIRED_LINK,
    DEAD_LINK,
    ECHO,
)
RETRY_AFTER_SECONDS = 1


def case_of(text: str) -> str:
    return next((kind for kind in KINDS if f"[{kind}]" in text), OK)
