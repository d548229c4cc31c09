"""The pages of accounts: logging in and out, joining, one's own account, administration. None needs JavaScript."""
