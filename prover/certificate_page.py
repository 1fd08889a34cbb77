"""The certificate as one self-contained page for people: the same content, nothing added, nothing decided.

Called by `prover certify`; the template is `prover/templates/certificate.html`.
"""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from prover.certificate import Certificate


def page(certificate: Certificate) -> str:
    """The page, the same for the same certificate; names of the template are keys of the certificate."""
    environment = Environment(
        loader=PackageLoader("prover"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    declarations = certificate.content["declarations"]
    chapters = [(module, list(found)) for module, found in groupby(declarations, key=lambda row: row["module"])]
    template = environment.get_template("certificate.html")
    return template.render(**certificate.content, digest=certificate.digest, clean=certificate.clean, chapters=chapters)
