#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace switchboard::channel {

/// The calls of one connection that still await their answer, by msgid, with the moment they began.
/// Open addressing: most clients count msgids up, so the slot is found at the first probe. A call
/// past its deadline stays known as *expired* until its late answer comes (so that this is told
/// from the answer to a new call of the same msgid), bounded in number. Not thread-safe: the peer's
/// lock guards it. Moments are milliseconds on a clock that may wrap.
class call_table {
 public:
  enum class answer { due, late, unknown };

  /// False when that msgid is in use.
  bool begin(std::uint32_t msgid, std::uint32_t now_ms);
  answer end(std::uint32_t msgid);
  /// Marks calls at least `age_ms` old as expired and appends their msgids.
  void expire(std::uint32_t now_ms, std::uint32_t age_ms, std::vector<std::uint32_t>& expired);
  /// Age of the oldest call that awaits its answer.
  std::optional<std::uint32_t> oldest_age(std::uint32_t now_ms) const;

  std::size_t awaiting() const { return awaiting_; }
  std::size_t expired() const { return used_ - awaiting_; }

 private:
  enum class state : std::uint8_t { free, awaiting, expired };
  struct slot {
    std::uint32_t msgid = 0;
    std::uint32_t began_ms = 0;
    state is = state::free;
  };
  static constexpr std::size_t most_expired = 256;

  std::size_t home(std::uint32_t msgid) const { return msgid & (slots_.size() - 1); }
  std::size_t find(std::uint32_t msgid) const;
  void erase(std::size_t at);
  void rebuild(std::size_t capacity, bool with_expired);

  std::vector<slot> slots_;
  std::size_t used_ = 0;
  std::size_t awaiting_ = 0;
};

}  // namespace switchboard::channel
