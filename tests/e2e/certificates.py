# SPDX-License-Identifier: Apache-2.0
"""An authority of our own and certificates that it signs, made with the openssl command."""
import pathlib
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """Files stand in `folder`: <name>.crt, <name>.key."""

    def __init__(self, folder, name):
        self.folder, self.name = pathlib.Path(folder), name
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", f"/CN={name}", "-days", "30", "-keyout", self.path("key"),
                "-out", self.path("crt"), "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def path(self, suffix, name=None):
        return self.folder / f"{name or self.name}.{suffix}"

    def sign(self, name, *hosts):
        """A certificate for host names, which may have wildcards; the paths of it and its key."""
        certificate, key = self.path("crt", name), self.path("key", name)
        request, extensions = self.path("csr", name), self.path("ext", name)
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                f"/CN={name}", "-keyout", key, "-out", request)
        extensions.write_text("subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts))
        openssl("x509", "-req", "-in", request, "-CA", self.path("crt"), "-CAkey",
                self.path("key"), "-CAcreateserial", "-days", 30, "-extfile", extensions, "-out",
                certificate)
        return certificate, key
