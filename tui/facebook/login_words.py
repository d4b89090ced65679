"""What is said of each thing that happens during a login, the same in every front end. Pure functions."""

from tui.facebook import login_events as told
from tui.facebook.permissions import purpose

FOREIGN_ENDING = "ignored."


def event_lines(event: told.LoginEvent, *, again: str) -> list[str]:
    """Return what is said of one event; an empty list where nothing is.

    `again` says how a permission that was not granted is asked for once more. A device code is shown by each front
    end in its own way.
    """
    match event:
        case told.ForeignRequest():
            return [f"{event.count} foreign request{'s' if event.count != 1 else ''} {FOREIGN_ENDING}"]
        case told.Declined():
            return [f"{event.message} The doors stay open."]
        case told.DoorFailed():
            return [f"No code for other devices: {event.message}"]
        case told.AnswerTaken():
            removed = f" Left away: {', '.join(event.removed)}." if event.removed else ""
            return [f"Answer taken ({event.door}).{removed} Asking for the token."]
        case told.TokenStored():
            return ["The long-lived token is stored." if event.extended else "A token arrived and is stored."]
        case told.Inspected():
            verdict = "valid" if event.inspection.is_valid else "not valid"
            return [f"Facebook says: {verdict}, {event.inspection.kind} token."]
        case told.PermissionsRead():
            return [f"Not granted: {name} ({purpose(name)}). {again}" for name in event.missing] or [
                "All permissions granted."
            ]
        case told.PagesRead():
            return [_pages_line(event)]
        case told.StepFailed():
            return [f"{event.step}: {event.error.message} {event.remedy.next}"]
        case _:
            return []


def _pages_line(event: told.PagesRead) -> str:
    accounts = [
        f"@{page.instagram_username}" if page.instagram_username else page.instagram_id
        for page in event.pages
        if page.instagram_id
    ]
    pages = f"{len(event.pages)} Page{'' if len(event.pages) == 1 else 's'}"
    return f"{pages}; Instagram: {', '.join(accounts) or 'none linked'}."
