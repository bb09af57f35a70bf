"""What instances run on and from, against what AWS and vendors have ended or left behind."""
