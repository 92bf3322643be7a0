#pragma once

#include <string>
#include <string_view>

#include "config/config_error.hpp"
#include "config/daemon_options.hpp"

namespace switchboard::config {

/// Reads switchboardd's own file. Keys that are not declared are refused by line and nearest name,
/// values by their bounds; all errors are returned, none thrown. Relative paths count from the
/// file's folder.
checked<daemon_options> load_options(const std::string& path);

/// As `load_options`, of a text; `folder` is what relative paths count from, `file` the name that
/// errors carry.
checked<daemon_options> parse_options(std::string_view text, const std::string& folder = {},
                                      std::string file = "switchboardd.yaml");

/// Sets one option as the command line does: "limits.window=64". Relative paths count from the
/// working folder. A sentence when it cannot be, which leaves `options` alone.
std::string set_option(daemon_options& options, std::string_view assignment);

/// What contradicts what: half a TLS pair, plain text on a public address. `load_options` checks
/// it; whoever uses `set_option` calls it afterwards. Errors carry no line.
config_errors contradictions(const daemon_options& options, const std::string& file = {});

/// What `--help` prints about the options, one paragraph per section.
std::string options_help();
/// The committed example, `config/switchboardd.yaml`: every option at its default with its
/// sentence.
std::string options_example();

}  // namespace switchboard::config
