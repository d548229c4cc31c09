"""The settings of children's accounts; part of `reader.settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FamilySettings(BaseModel):
    """Age, guardians, and how a guardian's yes is had (reader.accounts)."""

    model_config = ConfigDict(frozen=True)

    # ISO 3166-1, two letters: whose age of digital consent holds (reader/accounts/consent_ages.toml); unknown: 16.
    country: str = ""
    # How a guardian may say yes here: an adult of this installation; by e-mail and once more a day later; on a signed
    # form that an administrator looks at; through a provider.
    verifiers: tuple[str, ...] = ("guardian",)
    # A request that nobody answers is deleted after so many days.
    request_days: float = Field(default=14.0, gt=0)
    # How often a child may name a guardian anew who is told by mail or through a service: each time a message goes out,
    # so that an invitation is good for one more than this. Ours.
    corrections: int = Field(default=4, ge=0)
    # Under which address guardians reach this installation, for links in mails; without it none is sent.
    site_url: str = ""
    # The second mail of `email`, after which the yes counts: 16 CFR 312.5(b)(2) asks for a delayed confirmation.
    email_delay_h: float = Field(default=24.0, ge=0)
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_timeout_s: float = Field(default=20.0, gt=0)
    mail_from: str = ""
    # A scan of a page is smaller; ours.
    form_max_bytes: int = Field(default=2_000_000, ge=1)
    # Where `external` asks, and the secret by which both sides sign (HMAC-SHA256).
    provider_url: str = ""
    provider_secret: str = ""
    # A signed answer of the provider is good for so long.
    provider_age_s: float = Field(default=300.0, gt=0)
