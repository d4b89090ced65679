"""The names of the checks that can prove or contradict a step."""

from typing import Literal, get_args

CheckName = Literal[
    "app_credentials",
    "app_name",
    "callback_rules",
    "callback_match",
    "app_id_match",
    "login_done",
    "permissions",
    "pages",
    "instagram_account",
    "first_read",
    "ads_permission",
    "matillion_reached",
    "matillion_entry",
    "matillion_runs",
]

CHECKS: tuple[CheckName, ...] = get_args(CheckName)
