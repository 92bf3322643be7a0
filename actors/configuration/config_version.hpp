#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/session/kept_answers.hpp"
#include "config/account_index.hpp"
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
  std::string text;  // YAML, whole; empty where it is too old to be kept, or an earlier version's
  /// Of the dispatch file as the daemon last read it: tells at the next start whether somebody has
  /// changed it since.
  std::uint64_t file_hash = 0;
  /// Waiting sessions were routed anew.
  bool reevaluate = false;
  /// Not 0: the text is that version's. Only accounts were changed, which no text holds.
  int same_text_as = 0;
  /// Of what the text says, whatever its comments and order; 0: not known.
  std::uint64_t value_hash = 0;
};
template <class V> void describe(V& v, config_version& x) {
  v("version", x.version);
  v("at", x.at);
  v("by", x.by);
  v("comment", x.comment);
  v("file", x.file);
  v("text", x.text);
  v("file_hash", x.file_hash);
  v("reevaluate", x.reevaluate);
  v("same_text_as", x.same_text_as);
  v("value_hash", x.value_hash);
}

/// A group closed by hand, until somebody opens it again.
struct group_switch {
  group_id group;
  bool closed = false;
  std::string by, reason;
  timestamp at{};
};
template <class V> void describe(V& v, group_switch& x) {
  v("group", x.group);
  v("closed", x.closed);
  v("by", x.by);
  v("reason", x.reason);
  v("at", x.at);
}

/// The dispatch file was looked at, and needs nothing: it says what a version says already, or
/// somebody decided that what runs goes on.
struct file_settled {
  std::uint64_t hash = 0;
  std::string by;
  timestamp at{};
};
template <class V> void describe(V& v, file_settled& x) {
  v("hash", x.hash);
  v("by", x.by);
  v("at", x.at);
}

/// What is durable of the configuration: append only, the index + 1 is the kind in the file.
/// What is recorded beside `answer_recorded` is what that call did.
using configuration_event = std::variant<config_version, group_switch, config::stored_account,
                                         file_settled, answer_recorded>;

/// The whole of it but for the texts of earlier versions and the accounts, which lie in the state
/// environment by themselves.
struct configuration_record {
  std::uint64_t seq = 0;
  int latest = 0;  // the active version; 0: none yet
  std::vector<group_switch> closed;
  /// Of the dispatch file as it was last taken or settled; 0: as the latest version says.
  std::uint64_t file_hash = 0;
  /// So many texts there have been: fewer than versions.
  std::uint64_t texts = 0;
  std::vector<kept_answer> answered;
};
template <class V> void describe(V& v, configuration_record& x) {
  v("seq", x.seq);
  v("latest", x.latest);
  v("closed", x.closed);
  v("file_hash", x.file_hash);
  v("texts", x.texts);
  v("answered", x.answered);
}

/// The journal's key of the one configuration there is.
inline constexpr std::string_view configuration_key = "configuration";
/// So many texts are kept; of older versions only who, when and why.
inline constexpr int kept_texts = 200;

/// `at`: the record's stamp.
void fold_into(configuration_record& r, const configuration_event& e, timestamp at);
std::string encode(const configuration_event& e);
/// The text of `next` where it is `before`'s, the version before it.
void carry_text(config_version& next, const std::optional<config_version>& before);
/// Visits a record's events in order; false where the bytes are damaged. Kinds of a newer daemon
/// are left out.
bool for_each_event(std::string_view events,
                    const std::function<void(configuration_event&&)>& visit);

}  // namespace switchboard
