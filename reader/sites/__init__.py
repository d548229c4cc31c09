"""Sites of publishers: which pages may embed Reread, and who their readers are."""
