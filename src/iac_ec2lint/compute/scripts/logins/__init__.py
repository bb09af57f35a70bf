"""What boot scripts say about logins over SSH."""
