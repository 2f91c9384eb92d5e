# SPDX-License-Identifier: Apache-2.0
"""Compile a suite as the project compiles its own; the build tells how (CMakeLists.txt)."""
import os
import pathlib
import subprocess

INCLUDE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"]) / "harness/include"


def compile_suite(source, module):
    """Returns what the compiler has to say; "" when all is well."""
    done = subprocess.run(
        [os.environ["CC"], *os.environ["PARITY_SUITE_FLAGS"].split(), "-fPIC", "-shared",
         f"-I{INCLUDE}", str(source), os.environ["PARITY_LIBRARY"], "-o", str(module)],
        capture_output=True, text=True)
    return done.stderr or "failed" if done.returncode else ""
