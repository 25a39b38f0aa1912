#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reports from the command line. See doc/report.md.

Takes the package ns3ike.report from the source tree, without the compiled part of ns3ike.
"""
import os
import sys
import types

package = types.ModuleType("ns3ike")
package.__path__ = [os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bindings", "ns3ike")]
sys.modules["ns3ike"] = package

from ns3ike.report.commands import main  # noqa: E402 # pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(main())
