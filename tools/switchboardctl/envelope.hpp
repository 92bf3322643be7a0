#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "runtime/base/error.hpp"

namespace switchboard::ctl {

using json = nlohmann::ordered_json;

/// What the process answers its shell with. Documented in `--help`; never renumbered.
enum class exit_code { ok = 0, failed = 1, usage = 2, cannot_connect = 3, timed_out = 4 };

/// What a command found: `data` for scripts, `text` for people (whole lines).
struct report {
  json data;
  std::string text;
};

/// Why a command found nothing. `code` is a name of the wire's, or "usage"; `details` is null or
/// joins the envelope's error (an import's errors, say).
struct failure {
  exit_code exit = exit_code::failed;
  std::string code;
  std::string message;
  json details;
  /// What people still read on the standard output (whole lines).
  std::string text;
};

using outcome = tl::expected<report, failure>;

/// The failure that stands for a call's error.
failure failure_of(const error& e);

/// One object on one line: {"version":1,"ok":true,"data":...} or
/// {"version":1,"ok":false,"error":{code, message, ...}}. Text that is not UTF-8 is replaced.
std::string envelope(const outcome& what);

/// What people read on the standard error stream.
std::string failure_text(const failure& why, std::string_view program = "switchboardctl");

}  // namespace switchboard::ctl
