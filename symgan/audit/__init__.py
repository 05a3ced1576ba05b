"""Code of others held against what symgan derives: fields, Jacobians, update maps, optimizers."""

from symgan.audit.results import (
    Audit,
    Blame,
    Counterexample,
    Established,
    Ground,
    Hidden,
    Recognition,
    Verdict,
)
from symgan.audit.run import audit
from symgan.audit.subject import Arithmetic, AuditError, Kind, Subject, SubjectError

__all__ = [
    "Arithmetic",
    "Audit",
    "AuditError",
    "Blame",
    "Counterexample",
    "Established",
    "Ground",
    "Hidden",
    "Kind",
    "Recognition",
    "Subject",
    "SubjectError",
    "Verdict",
    "audit",
]
