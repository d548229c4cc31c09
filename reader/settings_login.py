"""The settings of passwords, logins and links; part of `reader.settings`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ThrottleSettings(BaseModel):
    """Wrong logins under one key: how many go free, and the longest wait after each further one (doubled from 1 s)."""

    model_config = ConfigDict(frozen=True)

    free: int = Field(default=5, ge=1)
    longest_wait_s: float = Field(default=900.0, ge=0)


class LoginSettings(BaseModel):
    """Passwords, logins and links (reader.accounts)."""

    model_config = ConfigDict(frozen=True)

    # Argon2id, the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes. A login hashes anew
    # what was kept with other parameters.
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    argon2_passes: int = Field(default=3, ge=1)
    argon2_lanes: int = Field(default=4, ge=1)
    # NIST SP 800-63B-4 asks for 15 where the password is all there is, and for no rules of composition; 12 is ours,
    # with the throttle in mind.
    password_min_length: int = Field(default=12, ge=8)
    # A login ends this long after it began, and after this much rest; ours (OWASP asks for an end, and names none).
    longest_h: float = Field(default=720.0, gt=0)
    longest_rest_h: float = Field(default=168.0, gt=0)
    # Its last use is written down at most this often; ours.
    seen_grain_min: float = Field(default=5.0, ge=0)
    # How long an invitation and a link for a new password are good; ours.
    invitation_h: float = Field(default=72.0, gt=0)
    # Guessing, by nickname and address, by address, by nickname. The last is for guessing from many addresses: high,
    # and with a short wait, since it holds up the reader, too. All ours.
    both: ThrottleSettings = ThrottleSettings(free=5, longest_wait_s=900.0)
    address: ThrottleSettings = ThrottleSettings(free=30, longest_wait_s=900.0)
    name: ThrottleSettings = ThrottleSettings(free=100, longest_wait_s=60.0)
    # How long counts of wrong logins are kept; ours.
    attempts_kept_h: float = Field(default=24.0, gt=0)
