"""What the desk remembers: registers, ledgers, the audit trail and kept files, in one folder, in one transaction."""
