# SPDX-License-Identifier: Apache-2.0
"""Client CPU per call: parity, boto3 and a bare libcurl loop, on the same calls against the same targets.

Two targets: nginx, which answers at once and keeps connections open, and moto, which closes each one. The three clients take
turns, several times, and the median of each is reported, so that a busy machine disturbs all of them alike.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended early with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{process.args[0]} does not listen on port {port}")


class Server:
    """A server on loopback for as long as the `with` block lasts."""

    def __init__(self, arguments, port):
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port, self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def start_nginx(folder):
    port = free_port()
    config = pathlib.Path(folder, "nginx.conf")
    text = (HERE / "nginx.conf").read_text()
    config.write_text(text.replace("{port}", str(port)).replace("{folder}", folder))
    # Debian has it where only the administrator's PATH leads to.
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not nginx:
        sys.exit("there is no nginx: run scripts/setup --bench")
    return Server([nginx, "-p", folder, "-c", str(config)], port)


def start_moto():
    port = free_port()
    return Server([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port)


def measure(arguments):
    environment = {**os.environ, "AWS_DATA_PATH": botocore_data(), "AWS_ACCESS_KEY_ID": "test",
                   "AWS_SECRET_ACCESS_KEY": "test"}
    done = subprocess.run(arguments, stdout=subprocess.PIPE, env=environment, check=True)
    figures = json.loads(done.stdout)
    return {"cpu_us": 1e6 * figures["cpu_s"] / figures["calls"],
            "wall_us": 1e6 * figures["wall_s"] / figures["calls"]}


def botocore_data():
    import botocore
    return str(pathlib.Path(botocore.__file__).parent / "data")


def compare(name, url, binary, rounds, repeats):
    calls = str(HERE / "calls.json")
    clients = {
        "bare libcurl": [binary, "bare", url, calls, str(rounds)],
        "parity": [binary, "parity", url, calls, str(rounds)],
        "boto3": [sys.executable, str(HERE / "calls_boto3.py"), url, calls, str(max(rounds // 10, 10))],
    }
    figures = {client: [] for client in clients}
    for _ in range(repeats):
        for client, arguments in clients.items():
            figures[client].append(measure(arguments))
    median = {client: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
              for client, runs in figures.items()}
    bare, parity, boto3 = (median[client]["cpu_us"] for client in clients)
    rate = median["bare libcurl"]["wall_us"] / median["parity"]["wall_us"]
    print(f"\n{name}: client CPU per call, median of {repeats}")
    for client in clients:
        print(f"  {client:<14} {median[client]['cpu_us']:9.1f} us CPU {median[client]['wall_us']:9.1f} us wall")
    print(f"  parity / bare libcurl  {parity / bare:6.2f}   (at most 2)")
    print(f"  rate of calls, of bare {rate:6.2f}   (at least 0.5)")
    print(f"  boto3 / parity         {boto3 / parity:6.1f}")
    return {"target": name, "cpu_us": {client: median[client]["cpu_us"] for client in clients},
            "parity_to_bare": parity / bare, "rate_of_bare": rate, "boto3_to_parity": boto3 / parity}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--binary", default=str(HERE.parent / "build/release/bench_calls"))
    options.add_argument("--rounds", type=int, default=2000, help="rounds of the list of calls against nginx")
    options.add_argument("--moto-rounds", type=int, default=50, help="the same against moto, which is slow")
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        with start_nginx(folder) as nginx:
            results.append(compare("nginx (keep-alive)", nginx.url, given.binary, given.rounds, given.repeats))
    with start_moto() as moto:
        results.append(compare("moto (closes each connection)", moto.url, given.binary, given.moto_rounds, given.repeats))
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(results, indent=2) + "\n")
    sys.exit(0 if all(result["parity_to_bare"] <= 2 and result["rate_of_bare"] >= 0.5 for result in results) else 1)


if __name__ == "__main__":
    main()
