"""Pages of the directory: accounts and roles, tokens, one's own account, invitations."""
