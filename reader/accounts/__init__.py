"""Who a reader is: accounts, passwords, logins, invitations. Knows no web: addresses and secrets come as text."""
