#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// One version of what administrators decide: the whole configuration as it was written, and how it
/// came to be.
struct config_version {
  int version = 0;  // from 1, never given twice
  timestamp at{};
  std::string by;       // "file" for the daemon's own start and SIGHUP, else who
  std::string comment;  // why
  std::string file;     // the name its errors and marks carry
  std::string text;     // YAML, whole; empty where it is too old to be kept
  /// Of the dispatch file as the daemon last read it: tells at the next start whether somebody has
  /// changed it since.
  std::uint64_t file_hash = 0;
  /// Waiting sessions were routed anew.
  bool reevaluate = false;
};
template <class V>
void describe(V& v, config_version& x) {
  v("version", x.version);
  v("at", x.at);
  v("by", x.by);
  v("comment", x.comment);
  v("file", x.file);
  v("text", x.text);
  v("file_hash", x.file_hash);
  v("reevaluate", x.reevaluate);
}

/// A group closed by hand, until somebody opens it again.
struct group_switch {
  group_id group;
  bool closed = false;
  std::string by, reason;
  timestamp at{};
};
template <class V>
void describe(V& v, group_switch& x) {
  v("group", x.group);
  v("closed", x.closed);
  v("by", x.by);
  v("reason", x.reason);
  v("at", x.at);
}

/// What is durable of the configuration: append only, the index + 1 is the kind in the file.
using configuration_event = std::variant<config_version, group_switch>;

/// The whole of it but for the texts of earlier versions, which lie in the state environment.
struct configuration_record {
  std::uint64_t seq = 0;
  int latest = 0;  // the active version; 0: none yet
  std::vector<group_switch> closed;
};
template <class V>
void describe(V& v, configuration_record& x) {
  v("seq", x.seq);
  v("latest", x.latest);
  v("closed", x.closed);
}

/// The journal's key of the one configuration there is.
inline constexpr std::string_view configuration_key = "configuration";
/// The texts of so many versions are kept; of older ones only who, when and why.
inline constexpr int kept_texts = 200;

void fold_into(configuration_record& r, const configuration_event& e);
std::string encode(const configuration_event& e);
/// Visits a record's events in order; false where the bytes are damaged. Kinds of a newer daemon
/// are left out.
bool for_each_event(std::string_view events,
                    const std::function<void(configuration_event&&)>& visit);

}  // namespace switchboard
