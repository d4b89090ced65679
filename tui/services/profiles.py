"""Profiles: App ID, App Secret and callback of one registered app; saved, verified, renamed, removed."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.facebook.models import AppCredentials, AppInfo
from tui.redact import Secret
from tui.services.app_ids import MissingCredentials, flawed_app_id
from tui.services.first_profile import take_over
from tui.services.trusted_hosts import note_host
from tui.settings import Profile

if TYPE_CHECKING:
    from tui.services.root import Services


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes when a profile is removed."""

    profile: str
    tokens: tuple[str, ...]


class ProfileDesk:
    """Use cases on profiles. Methods that touch the disk are synchronous: call them off the event loop."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def credentials(self, name: str) -> AppCredentials:
        """Return App ID and App Secret of a profile. Raises MissingCredentials, FlawedAppId before any is sent."""
        profile = self._services.profile(name)
        if profile is None or not profile.app_id:
            raise MissingCredentials(name, "app_id")
        if (flawed := flawed_app_id(profile, self._services.home.config_file)) is not None:
            raise flawed
        secret = self.app_secret(name)
        if secret is None:
            raise MissingCredentials(name, "app_secret")
        return AppCredentials(profile.app_id, secret)

    def app_secret(self, name: str) -> Secret | None:
        """Return the App Secret of a profile, None where there is none."""
        return self._services.vault.profile_secrets.get("app_secret", name)

    def client_token(self, name: str) -> Secret | None:
        """Return the client token of a profile, None where there is none."""
        return self._services.vault.profile_secrets.get("client_token", name)

    def save(
        self,
        profile: Profile,
        app_secret: Secret | None = None,
        client_token: Secret | None = None,
        *,
        verified: bool = False,
    ) -> None:
        """Store a profile; secrets given replace those stored, None leaves them as they are.

        An App Secret that is replaced before the new one was verified stays beside it (`restore_secret`).
        Raises SettingsError or VaultError; the secret is stored before the file changes.
        """
        vault = self._services.vault
        profile = take_over(self._services, profile)
        if app_secret is not None:
            before = self.app_secret(profile.name)
            if before != app_secret:
                vault.meta.set(f"secret-changed/{profile.name}", str(self._services.clock.now()))
            if before is not None and before != app_secret and not verified:
                vault.profile_secrets.set("app_secret_before", profile.name, before)
            vault.profile_secrets.set("app_secret", profile.name, app_secret)
            note_host(vault.meta, self._services.settings)
        if client_token is not None:
            if client_token:
                vault.profile_secrets.set("client_token", profile.name, client_token)
            else:
                vault.profile_secrets.forget("client_token", profile.name)
        self._services.settings_store.save_profile(profile)

    def confirm_secret(self, name: str) -> None:
        """Forget the App Secret that was kept from before: the new one has been proven."""
        self._services.vault.profile_secrets.forget("app_secret_before", name)

    def secret_before(self, name: str) -> Secret | None:
        """Return the App Secret that an unproven new one replaced, None where there is none."""
        return self._services.vault.profile_secrets.get("app_secret_before", name)

    def restore_secret(self, name: str) -> bool:
        """Bring back the App Secret kept from before; False where there is none."""
        before = self.secret_before(name)
        if before is None:
            return False
        self._services.vault.profile_secrets.set("app_secret", name, before)
        self.confirm_secret(name)
        return True

    def switch_mode(self, name: str) -> bool:
        """Note that the app is live, or in development mode again; return whether it is in development mode now."""
        profile = self._services.profile(name)
        if profile is None:
            return True
        changed = replace(profile, development_mode=not profile.development_mode)
        self._services.settings_store.save_profile(changed)
        return changed.development_mode

    def make_default(self, name: str) -> None:
        """Mean this profile where none is named."""
        self._services.settings_store.set_preference("default_profile", name)

    def rename(self, name: str, new_name: str) -> None:
        """Give a profile another name; its secrets and tokens follow."""
        profile = self._services.profile(name)
        if profile is None:
            return
        self._services.vault.rename_profile(name, new_name)
        self._services.settings_store.save_profile(replace(profile, name=new_name), rename_from=name)

    def duplicate(self, name: str, new_name: str) -> None:
        """Make a second profile of the same app, with its secrets and without its tokens."""
        profile = self._services.profile(name)
        if profile is None:
            return
        self.save(replace(profile, name=new_name), self.app_secret(name), self.client_token(name), verified=True)

    def removal(self, name: str) -> Removal:
        """Tell what would go with a profile."""
        tokens = tuple(token.name for token in self._services.tokens() if token.profile == name)
        return Removal(name, tokens)

    def remove(self, name: str) -> None:
        """Remove a profile, its secrets, its tokens and its progress."""
        for token in self.removal(name).tokens:
            self._services.vault.tokens.delete(token)
        self._services.vault.forget_profile(name)
        self._services.settings_store.delete_profile(name)

    async def verify(self, app: AppCredentials, profile_name: str = "") -> AppInfo:
        """Prove App ID and App Secret together, and return the app's own name.

        Raises FacebookError; `remedy_for(..., where="verify")` says what it means.
        """
        client = await self._services.client(profile_name)
        await client.check_app(app)
        return await client.app_info(app)
