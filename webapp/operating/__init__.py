"""What an operator looks at: jobs, what happened of late, and the page that shows it."""
