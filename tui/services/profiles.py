"""Profiles: App ID, App Secret and callback URL of one registered app; saved, verified, renamed, removed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.facebook.models import AppCredentials, AppInfo
from tui.names import is_name
from tui.redact import Secret
from tui.services.app_ids import MissingCredentials, flawed_app_id
from tui.services.first_profile import move_notes
from tui.services.trusted_hosts import note_host
from tui.settings import Problem, Profile, SettingsError, SettingsStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.credentials.flaws import Field
    from tui.facebook.client import GraphClient
    from tui.services.login_options import OptionFlaw, Options
    from tui.vault.vault import Vault

_NO_OPTIONS: "Options" = {}


class ProfileStore:
    """Changes profiles and their secrets. Methods that touch the disk are synchronous: call them in a thread."""

    def __init__(
        self, settings: SettingsStore, vault: "Vault", clock: Clock, client: "Callable[[str], Awaitable[GraphClient]]"
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._secrets = vault.profile_secrets
        self._clock = clock
        self._client = client

    def credentials(self, name: str) -> AppCredentials:
        """Return App ID and App Secret of a profile. Raises MissingCredentials, and FlawedAppId before it is used."""
        profile = self._settings.settings.profile(name)
        if profile is None or not profile.app_id:
            raise MissingCredentials(name, "app_id")
        if (flawed := flawed_app_id(profile, self._settings.home.config_file)) is not None:
            raise flawed
        secret = self.app_secret(name)
        if secret is None:
            raise MissingCredentials(name, "app_secret")
        return AppCredentials(profile.app_id, secret)

    def app_secret(self, name: str) -> Secret | None:
        """Return the App Secret of a profile, or None."""
        return self._secrets.get("app_secret", name)

    def client_token(self, name: str) -> Secret | None:
        """Return the client token of a profile, or None."""
        return self._secrets.get("client_token", name)

    def value(self, name: str, field: "Field") -> Secret | str | None:
        """Return what is stored for a field of a profile."""
        profile = self._settings.settings.profile(name) or Profile(name)
        match field:
            case "app_secret" | "client_token":
                return self._secrets.get(field, name)
            case _:
                return {"app_id": profile.app_id, "callback_url": profile.callback_url}.get(field)

    def has_value(self, name: str, field: "Field") -> bool:
        """Tell whether something is stored for a field of a profile, without reading a secret."""
        if field in ("app_secret", "client_token"):
            return self._secrets.has(field, name)
        return bool(self.value(name, field))

    def save(
        self,
        profile: Profile,
        app_secret: Secret | None = None,
        client_token: Secret | None = None,
        *,
        verified: bool = False,
    ) -> None:
        """Save a profile and the secrets that are given; an empty client token is deleted.

        An App Secret that is replaced before the new one was verified can be restored (`restore_secret`).
        Raises SettingsError, VaultError; the secrets are stored before the file changes.
        """
        name = profile.name
        if not self._settings.settings.profiles:
            profile = move_notes(self._vault, profile)
        if app_secret or client_token:
            note_host(self._vault, self._settings.settings)
        if app_secret is not None:
            before = self.app_secret(name)
            if before != app_secret:
                self._vault.meta.set(f"secret-changed/{name}", str(self._clock.now()))
            if before is not None and before != app_secret and not verified:
                self._secrets.set("app_secret_before", name, before)
            self._secrets.set("app_secret", name, app_secret)
        if client_token:
            self._secrets.set("client_token", name, client_token)
        elif client_token is not None:
            self._secrets.forget("client_token", name)
        self._settings.save_profile(profile)

    def option_flaws(self, name: str, values: "Mapping[Field, str]", options: "Options") -> "tuple[OptionFlaw, ...]":
        """Return what would be wrong with the options of a profile after `save_values`."""
        from tui.services.login_options import option_flaws

        settings = self._settings.settings
        return option_flaws(settings.profile(name) or Profile(name), self._changed(name, values, options), settings)

    def save_values(self, name: str, values: "Mapping[Field, str]", options: "Options" = _NO_OPTIONS) -> None:
        """Change these values and options of a profile, or make it; an empty secret leaves what is stored.

        Raises as `save`.
        """
        secret, token = values.get("app_secret", ""), values.get("client_token", "")
        self.save(
            self._changed(name, values, options),
            Secret(secret) if secret else None,
            Secret(token) if token else None,
        )

    def _changed(self, name: str, values: "Mapping[Field, str]", options: "Options") -> Profile:
        before = self._settings.settings.profile(name) or Profile(name)
        app_id, callback = values.get("app_id", before.app_id), values.get("callback_url", before.callback_url)
        profile = replace(before, app_id=app_id, callback_url=callback)
        if not options:
            return profile
        from tui.services.login_options import with_options

        return with_options(profile, options)

    def confirm_secret(self, name: str) -> None:
        """Delete the previous App Secret, because the new one was verified."""
        self._secrets.forget("app_secret_before", name)

    def restore_secret(self, name: str) -> bool:
        """Restore the previous App Secret; return False where there is none."""
        before = self._secrets.get("app_secret_before", name)
        if before is None:
            return False
        self._secrets.set("app_secret", name, before)
        self.confirm_secret(name)
        return True

    def switch_mode(self, name: str) -> bool:
        """Switch between development mode and live; return whether the app is in development mode now."""
        profile = self._settings.settings.profile(name)
        if profile is None:
            return True
        changed = replace(profile, development_mode=not profile.development_mode)
        self._settings.save_profile(changed)
        return changed.development_mode

    def rename(self, name: str, new_name: str) -> None:
        """Rename a profile, with its secrets and tokens. Raises SettingsError where the new name exists."""
        profile = self._source(name, new_name)
        self._vault.rename_profile(name, new_name)
        self._settings.save_profile(replace(profile, name=new_name), rename_from=name)

    def duplicate(self, name: str, new_name: str) -> None:
        """Add a second profile of the same app, with its secrets and without its tokens. Raises as `rename`."""
        profile = self._source(name, new_name)
        self.save(replace(profile, name=new_name), self.app_secret(name), self.client_token(name), verified=True)

    def _source(self, name: str, new_name: str) -> Profile:
        if not is_name(new_name):  # before the vault is changed
            raise SettingsError(Problem.PROFILE_NAME, key=f"profiles.{new_name}")
        if self._settings.settings.profile(new_name) is not None:
            raise SettingsError(Problem.PROFILE_EXISTS, key=f"profiles.{new_name}")
        return self._settings.settings.profile(name) or Profile(name)

    def tokens(self, name: str) -> tuple[str, ...]:
        """Return the names of a profile's tokens."""
        return tuple(token.name for token in self._vault.tokens.tokens() if token.profile == name)

    def remove(self, name: str) -> None:
        """Remove a profile, its secrets, its tokens and its progress."""
        for token in self.tokens(name):
            self._vault.tokens.delete(token)
        self._vault.forget_profile(name)
        self._settings.delete_profile(name)

    async def verify(self, app: AppCredentials, profile_name: str = "", options: "Options" = _NO_OPTIONS) -> AppInfo:
        """Ask Facebook whether App ID and App Secret belong together; return what it knows of the app.

        Asks by the API version among `options`, which need not be saved yet, else by the profile's. Raises
        FacebookError.
        """
        from tui.services.login_options import with_options

        settings = self._settings.settings
        meant = with_options(settings.profile(profile_name) or Profile(profile_name), options)
        client = await self._client(meant.api_version or settings.api_version)
        await client.check_app(app)
        return await client.app_info(app)
