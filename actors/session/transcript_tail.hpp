#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/session/request_identity.hpp"
#include "actors/session/session_codec.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard {

/// The newest encoded events of a live session, until the state environment has them: a reader is
/// served from here, and from the archive for what is older. Bounded by what is not yet projected
/// plus `keep`. Not thread-safe.
class transcript_tail {
 public:
  static constexpr std::size_t keep = 24;

  /// Events before `first_held` are in the archive only.
  explicit transcript_tail(std::uint64_t first_held = 1) : first_(first_held) {}

  void add(std::uint64_t seq, store::position at, std::string encoded);
  /// Drops what is projected, but for the newest `spare`.
  void trim(store::position projected, std::size_t spare = keep);
  /// True where every event after `seq` is here.
  bool covers(std::uint64_t seq) const { return seq + 1 >= first_; }
  /// The oldest seq held; events below lie in the archive.
  std::uint64_t first() const { return first_; }
  store::position last_position() const { return entries_.empty() ? 0 : entries_.back().at; }
  /// Visits events after `seq`, oldest first, with their journal positions.
  template <class Visit> void after(std::uint64_t seq, Visit&& visit) const {
    for (auto& e : entries_) {
      if (e.seq > seq) visit(e.seq, e.at, std::string_view(e.bytes));
    }
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct entry {
    std::uint64_t seq;
    store::position at;
    std::string bytes;
  };
  std::vector<entry> entries_;  // few; trimmed in strides
  std::uint64_t first_;
};

/// Which requests were answered, so that the same key gives the same answer. Kept in memory while
/// the session is busy; an idle or recovered session reads it back from its transcript's envelopes.
class answered_requests {
 public:
  struct answer {
    std::uint64_t content = 0;
    std::uint64_t seq = 0;  // tells answers of one session apart
    timestamp at;
  };
  const answer* find(std::uint64_t key) const;
  /// What became of a request that may be a repetition: nothing, its answer, or `already_exists`
  /// (naming `field`) where its key was used with other content.
  result<const answer*> find(const repeatable& r, std::string_view field) const;
  /// `said`: the answer, where it is not {seq, at}.
  void add(const request_key& k, std::uint64_t seq, timestamp at, std::string_view said = {});
  /// What was answered under a key that is there; empty: {seq, at}. Asked of repetitions alone,
  /// which are few.
  std::string_view said(const answer& a) const;
  /// Gives the memory back too (`few_ = {}` would keep it: that assigns an empty list).
  void clear() {
    std::unordered_map<std::uint64_t, answer>().swap(answers_);
    std::vector<row>().swap(few_);
    std::vector<spoken>().swap(said_);
  }
  std::size_t size() const { return few_.size() + answers_.size(); }
  /// For how many there is memory.
  std::size_t room() const { return few_.capacity() + answers_.size(); }

 private:
  // A short session's keys lie in a row; past that they are hashed.
  static constexpr std::size_t few = 48;
  struct row {
    std::uint64_t key;
    answer a;
  };
  struct spoken {
    std::uint64_t seq;
    std::string packed;
  };
  std::vector<row> few_;
  std::vector<spoken> said_;  // beside the rows: messages, of which there are many, need none
  std::unordered_map<std::uint64_t, answer> answers_;
};

}  // namespace switchboard
