"""A ledger as a folder of static pages: no scripts, no network, links that move with the folder."""

from symgan.report.site.build import pages
from symgan.report.site.model import Site
from symgan.report.site.write import write_site

__all__ = ["Site", "pages", "write_site"]
