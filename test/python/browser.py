# SPDX-License-Identifier: GPL-2.0-only
"""A browser for tests: Debian's Chromium without a window, driven by WebDriver (W3C), over the standard library."""
import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

MISSING = next((f"{name} is not here (Debian's package {package})" for name, package in
                (("chromium", "chromium"), ("chromedriver", "chromium-driver")) if not shutil.which(name)), "")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One window; use it with `with`."""

    def __init__(self, width=1440, height=1000, dark=False):
        self.folder = tempfile.TemporaryDirectory(prefix="ike-browser-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.folder.name, "TMPDIR": self.folder.name})
        self.session = ""
        try:
            self._wait()
            options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                       f"--window-size={width},{height}", f"--user-data-dir={self.folder.name}/profile"]
            answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": {"args": options},
                "goog:loggingPrefs": {"browser": "ALL"}}}})
            self.session = "/session/" + answer["sessionId"]
            if dark:
                self.devtools("Emulation.setEmulatedMedia",
                              {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        except BaseException:
            self.close()
            raise

    def _wait(self):
        for _ in range(100):
            try:
                if self.call("GET", "/status")["ready"]:
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise TimeoutError("chromedriver does not answer")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            raise RuntimeError(json.load(e)["value"]["message"].splitlines()[0]) from e

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session:
                self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.folder.cleanup()

    def devtools(self, command, parameters):
        return self.call("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride",
                      {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def open(self, path):
        """Opens a file, and waits until its charts are drawn."""
        self.call("POST", self.session + "/url", {"url": "file://" + os.path.abspath(path)})
        self.wait("document.readyState === 'complete' && "
                  "[...document.querySelectorAll('.chart[data-chart]:not(.still)')]"
                  ".every(e => !e.clientWidth || e.dataset.drawn)")

    def run(self, script, *arguments):
        """What a piece of script returns."""
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def value(self, expression):
        return self.run("return " + expression)

    def wait(self, expression, seconds=20):
        """Until an expression is true."""
        end = time.monotonic() + seconds
        while not self.value(f"!!({expression})"):
            assert time.monotonic() < end, "still not: " + expression
            time.sleep(0.05)

    def click(self, selector):
        """As a finger does: in the middle of what one sees."""
        found = self.call("POST", self.session + "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.run("arguments[0].scrollIntoView({block: 'center'})", {ELEMENT: found})
        self.call("POST", f"{self.session}/element/{found}/click", {})

    def complaints(self):
        """What the console says since the last time: warnings and errors."""
        return [entry["message"] for entry in self.call("POST", self.session + "/se/log", {"type": "browser"})
                if entry["level"] in ("WARNING", "SEVERE")]

    def shot(self, path, whole=False):
        """A picture of the window, or of the whole page."""
        if whole:
            self.size(self.value("innerWidth"), self.value("document.documentElement.scrollHeight"))
            self.wait("[...document.querySelectorAll('.chart[data-chart]:not(.still)')].every(e => "
                      "!e.clientWidth || e.dataset.drawn == Math.floor(e.clientWidth))")
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", self.session + "/screenshot")))
