# -*- Mode: python; py-indent-offset: 4; indent-tabs-mode: nil; coding: utf-8; -*-
# SPDX-License-Identifier: GPL-2.0-only
"""Waf build of the ike module as contrib/ike in an ns-3.35 tree.

The files come from ike-sources.txt, as for CMakeLists.txt.
"""
import os


def read_sources(folder):
    """The sections of ike-sources.txt: name -> list of lines."""
    sections, current = {}, None
    with open(os.path.join(folder, "ike-sources.txt")) as f:
        for line in f:
            line = line.strip()
            if line.startswith("["):
                current = sections.setdefault(line.strip("[]"), [])
            elif line and not line.startswith("#"):
                current.append(line)
    return sections


def options(opt):
    pass


def configure(conf):
    conf.env["ENABLE_IKE"] = False
    missing = []
    if not conf.check_cfg(package="libcrypto", uselib_store="IKE_CRYPTO",
                          args=["libcrypto >= 3.0", "--cflags", "--libs"], mandatory=False):
        missing.append("OpenSSL 3")
    if not conf.check_cfg(package="yaml-cpp", uselib_store="IKE_YAML",
                          args=["yaml-cpp", "--cflags", "--libs"], mandatory=False):
        missing.append("yaml-cpp")
    if not conf.check(header_name="nlohmann/json.hpp", uselib_store="IKE_JSON",
                      features="cxx", mandatory=False):
        missing.append("nlohmann-json")
    if not conf.check(header_name="boost/program_options.hpp", lib="boost_program_options",
                      uselib_store="IKE_BOOST", language="cxx", mandatory=False):
        missing.append("Boost.Program_options")
    if missing:
        conf.report_optional_feature("ike", "IKE/IPsec models", False,
                                     "not found: " + ", ".join(missing))
        conf.env["MODULES_NOT_BUILT"].append("ike")
    else:
        conf.env["ENABLE_IKE"] = True
        conf.report_optional_feature("ike", "IKE/IPsec models", True, "")


def build(bld):
    if not bld.env["ENABLE_IKE"]:
        return
    sources = read_sources(bld.path.abspath())
    module = bld.create_ns3_module("ike", sources["ns3-modules"])
    module.source = sources["pure"] + sources["host"] + sources["helper"]
    module.use += ["IKE_CRYPTO", "IKE_YAML"]
    for name, folder in [("NS3_IKE_VERSION", bld.path), ("NS3_IKE_NS3_VERSION", bld.srcnode)]:
        with open(os.path.join(folder.abspath(), "VERSION")) as f:
            module.env.append_value("DEFINES", ['%s="%s"' % (name, f.read().strip())])
    costs = os.path.join(bld.path.abspath(), "examples", "costs")
    module.env.append_value("DEFINES", ['NS3_IKE_COSTS_DIR="%s"' % costs])

    test = bld.create_ns3_module_test_library("ike")
    test.source = sources["tests"]

    headers = bld(features="ns3header")
    headers.module = "ike"
    headers.source = sources["headers"]

    if bld.env["ENABLE_EXAMPLES"]:
        bld.recurse("examples")
