"""Letters and other paper as tagged PDF, with QR codes."""
