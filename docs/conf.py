"""How the documentation is built: ``make docs``, or ``sphinx-build -n -W docs build/docs``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))
os.environ.setdefault("COLUMNS", "80")  # the width of help texts

from symgan import __version__  # noqa: E402

project = "symgan"
author = "The symgan developers"
project_copyright = "2026, the symgan developers"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "public_names",
    "command_help",
    "mathml_math",
    "resolve_names",
    "tidy_blocks",
]
exclude_patterns = ["_extensions", "figures", "**/_*"]
root_doc = "index"
nitpicky = True
default_role = "py:obj"

myst_enable_extensions = ["dollarmath", "deflist", "colon_fence", "attrs_inline", "amsmath"]
myst_heading_anchors = 3
myst_fence_as_directive = ["math"]
myst_dmath_double_inline = True

autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
napoleon_use_param = False  # `a, b: text` describes two arguments at once
napoleon_use_rtype = False
napoleon_custom_sections = [("Fields", "params_style")]  # public_names calls Attributes so
python_maximum_signature_line_length = 88
add_module_names = False
maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"symgan {release}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "native"
