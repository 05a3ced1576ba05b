"""Evidence: exact identities, signs, SMT and ball arithmetic. Knows statements, not games."""
