#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel/transport/gated_queue.hpp"

namespace switchboard::channel {

/// What one connection has to send, and who looks after it next: the gate where it is listed, or
/// the write under way. The pure part of a peer's output; the simulation sends through it too. Not
/// thread-safe: the peer's lock guards it.
///
///   idle     --put-->      listed   (the caller lists it at the gate, for `waits_for`)
///   listed   --put_at_once--> listed (the caller lists it again, for now)
///   listed   --release-->  writing, listed anew (all of it still waits), or idle
///   writing  --written-->  idle     (the caller releases at once)
class output_lane {
 public:
  /// True: nobody looks after it yet, so the caller lists it; it counts as listed from here on.
  [[nodiscard]] bool put(store::position after, std::string_view head, std::string_view body,
                         const std::uint32_t* answers);
  /// The same for an answer that waits for nothing, a refusal: it need not stand behind what waits.
  [[nodiscard]] bool put_at_once(std::string_view head, std::string_view body = {});
  /// While the journal stands still: all answers that wait. Those of which it has everything are
  /// to be put in again, to leave at once; of the others nothing can be said.
  std::vector<gated_queue::answer> take_answers() { return queue_.take_answers(); }
  bool holds_any() const { return !queue_.empty(); }
  /// Moves what may leave at `durable` into `out` (which must be empty), about `most` bytes: then
  /// it is being written, until `written`. Where all that is left still waits, it is listed anew:
  /// the caller does so.
  enum class next : std::uint8_t { nothing, list, write };
  next release(store::position durable, std::size_t most, std::string& out,
               gated_queue::released& holds);
  void written();

  /// What the gate is to wait for; 0 where there is nothing, or something that waits for nothing.
  store::position waits_for() const {
    return queue_.empty() || !refusals_.empty() ? 0 : queue_.front();
  }
  bool empty() const { return queue_.empty() && refusals_.empty(); }
  /// Not yet taken by the reader, as far as is known here.
  std::size_t bytes() const { return queue_.bytes() + refusals_.bytes() + writing_bytes_; }
  bool writing() const { return writing_; }
  void clear() {
    queue_.clear();
    refusals_.clear();
  }

 private:
  gated_queue queue_, refusals_;
  bool listed_ = false, writing_ = false;
  std::size_t writing_bytes_ = 0;
};

}  // namespace switchboard::channel
