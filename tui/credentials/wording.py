"""The words for each flaw: what it is, how it likely got there, and what it causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.credentials.model import Field


class Wording(NamedTuple):
    """`noun` names the flaw in a line, `cause` says how it likely got there, `effect` what it causes, if special."""

    noun: str
    cause: str
    effect: str = ""


EFFECTS: Mapping[Field, str] = {
    "app_id": "Facebook answers this with 'Invalid App ID: The provided app ID does not look like a valid app ID.'",
    "app_secret": "Facebook answers this with 'Error validating client secret.'",
    "client_token": "Facebook refuses the login by device code with this client token.",
    "token": "Facebook answers this with 'Invalid OAuth access token.'",
    "callback_url": "Facebook answers this with 'URL Blocked': the address must match its list byte for byte.",
    "pasted_redirect": "The code in it cannot be read, or Facebook answers 'Invalid verification code format.'",
    "dialog_url": "Facebook shows an error page instead of the login, and nothing comes back.",
}
"""What a blocking flaw causes, where its kind does not say something more exact."""

PROBABLY = "It may be right, but it is not what Meta shows; if verifying fails, this is the first suspect."
NOTED = "Nothing need be done; it is said in case something else fails."

WORDINGS: Mapping[str, Wording] = {
    "empty": Wording("empty field", "Nothing was pasted or typed, or only blanks were."),
    "space": Wording("space", "Double-clicking or dragging in a browser often takes a blank along with the value."),
    "tab": Wording("tab", "A tab comes along with a cell copied from a spreadsheet or a table."),
    "line_break": Wording("line break", "A line break comes from selecting a whole line, a wrapped line or `echo`."),
    "byte_order_mark": Wording("byte order mark", "Notepad and PowerShell put it at the start of a file."),
    "soft_hyphen": Wording("soft hyphen", "Web pages and PDF files put it where a long word may be broken."),
    "zero_width": Wording("invisible character", "Web pages, chats and PDF files put it where a line may be broken."),
    "blank_letter": Wording("blank letter", "Chats and name fields use it as filler that looks like nothing."),
    "direction_mark": Wording("direction mark", "Chats and contact apps wrap copied text in such marks."),
    "variation_selector": Wording("variation selector", "It is what remains of an emoji, or came along with one."),
    "tag_character": Wording("tag character", "It is invisible text, left by a flag emoji or hidden on purpose."),
    "format_character": Wording("format character", "A word processor or a web page put this invisible mark there."),
    "combining_mark": Wording("combining mark", "An accent typed on its own, or left over from decorated text."),
    "control_character": Wording("control character", "A terminal, a binary file or a stray key left it there."),
    "escape_sequence": Wording("terminal escape sequence", "It was copied from a terminal together with its colours."),
    "lone_surrogate": Wording("half a character", "A program cut a character, such as an emoji, in two."),
    "private_use": Wording("private-use character", "An icon font draws it as a symbol, such as a Copy button."),
    "unassigned": Wording("unassigned character", "A damaged file or a broken conversion left it there."),
    "object_character": Wording("object placeholder", "It stands for a picture that was copied along."),
    "replacement_character": Wording("damaged character", "A conversion failed here, and a real one may be lost."),
    "emoji": Wording("emoji", "It was copied along from a chat or a note."),
    "quote": Wording("quotation mark", "It was copied along from a file, a chat or a document that puts it around."),
    "angle_bracket": Wording("angle bracket", "It was copied along from a mail or from instructions."),
    "bracket": Wording("bracket", "It was copied along with the text around the value."),
    "punctuation": Wording("punctuation", "The sentence or list around the value ended or went on here."),
    "backslash": Wording("backslash", "A program escaped the text, or a Windows path was taken for an address."),
    "stray_percent": Wording("percent sign", "It is left from percent-encoding that was cut or typed by hand."),
    "symbol": Wording("foreign symbol", "It was typed by mistake or copied along."),
    "letter": Wording("foreign letter", "It was typed by mistake, or the value was read off a screen."),
    "digit": Wording("foreign digit", "It was copied along with the value."),
    "foreign_letter": Wording("foreign letter", "Another keyboard layout was on, or the value was read off a picture."),
    "look_alike": Wording("look-alike", "The value was read off a screen or a picture, or typed on another keyboard."),
    "upper_case": Wording("capital letter", "It was written in capitals; Facebook shows small letters."),
    "non_ascii_digit": Wording("foreign digit", "An input method for another script typed the digit."),
    "internationalised_host": Wording(
        "foreign letter in the host",
        "The host was written in its own script, or imitates another one; its ASCII form begins with xn--.",
    ),
    "percent_encoded": Wording("percent-encoding", "It was copied from an address, where blanks are written so."),
    "html_entity": Wording("HTML entity", "It was copied from the source of a web page."),
    "written_escape": Wording("written escape", "It was copied from program text or JSON."),
    "masked": Wording("masking dots", "The hidden value was copied as it is shown. Press Show on Meta's page first."),
    "truncated": Wording("shortening dots", "A page showed the value shortened, and it was copied so."),
    "label": Wording("label in front", "The words before the value were selected with it."),
    "bearer": Wording("word Bearer in front", "It was copied from a header of a request."),
    "json_fragment": Wording("JSON around the value", "It was copied from a JSON answer or file."),
    "markup": Wording("mark-up around the value", "It was copied from the source of a web page."),
    "pasted_along": Wording("text behind the value", "What stands behind the value was selected with it."),
    "app_id_in_front": Wording("App ID in front", "Device login takes App ID and client token joined by a bar."),
    "thousands_separator": Wording("thousands separator", "A spreadsheet or a person grouped the digits."),
    "placeholder": Wording("placeholder", "It was copied from instructions or an example.", ""),
    "spreadsheet_number": Wording("spreadsheet notation", "A spreadsheet took it for a quantity and rounded it."),
    "wrong_shape": Wording("wrong shape", "Something else was in the clipboard."),
    "wrong_length": Wording("wrong length", "The selection began or ended too early or too late."),
    "doubled": Wording("value twice", "It was pasted twice."),
    "two_values": Wording("two values", "Two values were copied together, or pasted one behind the other."),
    "two_addresses": Wording("two addresses", "Two addresses were copied together, or pasted one behind the other."),
    "wrong_field": Wording("value of another field", "Two fields were confused, or the clipboard held something else."),
    "swapped": Wording("values swapped", "Both values were pasted, each into the other's field."),
    "wrong_family": Wording("token of another family", "Meta issues several kinds of token on similar pages."),
    "instagram_product": Wording(
        "value of the Instagram product",
        "Meta's console shows the Instagram product's own App ID and secret beside those of the app.",
        "Facebook answers this with 'Error validating application. Cannot get application info due to a system error.'",
    ),
    "threads_product": Wording(
        "value of the Threads product",
        "Meta's console shows the Threads product's own App ID and secret beside those of the app.",
    ),
    "instagram_account": Wording("number of an Instagram account", "An account's number was copied.", NOTED),
    "same_as_other_field": Wording("same value in two fields", "App Secret and client token look alike."),
    "unusual_token": Wording("unusual token", "Tokens are opaque and may change their shape.", NOTED),
    "short_token": Wording("short token", "Tokens are opaque and may change their length.", NOTED),
    "missing_scheme": Wording("missing scheme", "A browser's address bar hides https:// and copies without it."),
    "bad_scheme": Wording("misspelt beginning", "The beginning was typed by hand or cut while copying."),
    "not_https": Wording(
        "http instead of https",
        "Matillion was opened under http, or stands behind a load balancer and mistakes its own address.",
        "Facebook refuses it with 'URL Blocked'; https is mandatory for every app.",
    ),
    "upper_case_scheme": Wording("capitals in the scheme", "A phone's keyboard began the line with a capital."),
    "upper_case_host": Wording("capitals in the host", "The host was typed by hand as the company writes it."),
    "credentials_in_address": Wording("credentials in the address", "A login was written into the address."),
    "missing_host": Wording("missing host", "The middle of the address was lost."),
    "bad_host": Wording("impossible host", "The host was typed by hand or cut while copying."),
    "localhost": Wording("localhost", "Matillion was opened on its own machine or through a tunnel."),
    "ip_address": Wording("IP address", "Matillion was opened under its IP address when this was copied."),
    "default_port": Wording("default port", "A program wrote out the port that goes without saying."),
    "bad_port": Wording("bad port", "The port was typed by hand or cut while copying."),
    "no_path": Wording("no path", "The host was copied without what stands behind it.", NOTED),
    "fragment": Wording(
        "fragment",
        "The address was taken from a browser, which adds it.",
        "Facebook takes no redirect address with a fragment.",
    ),
    "trailing_slash": Wording("trailing slash", "A browser or a person added or dropped the last slash."),
    "differs": Wording("differing address", "The two addresses come from different places or times."),
    "matillion_login": Wording(
        "Matillion's login page",
        "It was copied from the settings for logging in to Matillion.",
        "The authorisation comes back to a page that cannot use it.",
    ),
    "double_encoded": Wording("double percent-encoding", "The address went through two programs that each encoded it."),
    "needless_percent": Wording("needless percent-encoding", "A program encoded more than it had to."),
    "percent_lower_case": Wording("small percent-encoding", "Programs disagree on how to write it."),
    "unknown_host": Wording("unknown host", "The address was typed by hand, or somebody sent an imitation."),
    "not_the_dialog": Wording("other page", "Another page of Facebook's was copied."),
    "bad_client_id": Wording("bad client_id", "The App ID in the address has a flaw of its own."),
    "bad_redirect": Wording("bad redirect_uri", "The callback in the address has a flaw of its own."),
    "code_in_dialog": Wording("code in a login address", "Two addresses were mixed up, or a login was repeated."),
    "no_client_id": Wording("no client_id", "The end of the address was lost, often at a line's end."),
    "no_redirect_uri": Wording("no redirect_uri", "The end of the address was lost, often at a line's end."),
    "no_code": Wording("no code", "The address was copied before the login had ended, or its end was lost."),
    "no_state": Wording("no state", "The end of the address was lost, often at a line's end."),
    "state_differs": Wording("other state", "The address belongs to an earlier login.", "The login is not accepted."),
    "code_alone": Wording("code alone", "Only the code was copied out of the address.", "The login is not accepted."),
    "refusal": Wording("refusal", "The login was cancelled, or Facebook refused it.", "No token can come of it."),
}
