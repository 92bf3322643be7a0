#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/journal.hpp"

namespace switchboard::channel {

/// What a connection's buffer keeps once it is empty; what a burst needed beyond it goes back.
inline constexpr std::size_t kept_bytes = 16 * 1024;

/// Output in the order it was put in, each piece held until the journal is durable up to its own
/// position and those of all pieces before it. Bytes lie in one run, so that releasing is a swap or
/// one copy. Not thread-safe: the peer's lock guards it.
class gated_queue {
 public:
  struct released {
    std::size_t frames = 0;
    std::size_t replies = 0;
  };

  /// A frame is `head` then `body`; one that answers a call, named by `answers`, frees a place in
  /// the window.
  void push(store::position after, std::string_view head, std::string_view body,
            const std::uint32_t* answers);
  /// An answer that was taken out, whole.
  struct answer {
    std::uint32_t msgid = 0;
    /// What it waits for by itself, whatever stands before it.
    store::position after = 0;
    std::string frame;
  };
  /// Takes out all answers, in their order; the rest waits on.
  std::vector<answer> take_answers();
  /// Moves what is released at `durable` into `out` (which must be empty), about `most` bytes at a
  /// time.
  released take(store::position durable, std::size_t most, std::string& out);

  bool empty() const { return next_ == marks_.size(); }
  std::size_t bytes() const { return bytes_.size() - head_; }
  /// What the first piece waits for; only when not empty.
  store::position front() const { return marks_[next_].after; }
  void clear();

 private:
  /// Neighbours with the same position share a mark, up to a size.
  struct mark {
    store::position after;
    std::size_t end;
    std::uint32_t frames;
    std::uint32_t replies;
  };
  /// Where an answer lies in `bytes_`.
  struct answer_place {
    std::uint32_t msgid;
    store::position after;
    std::size_t begin, end;
  };
  static constexpr std::size_t mark_bytes = 64 * 1024;
  void compact();

  std::string bytes_;
  std::vector<mark> marks_;
  std::vector<answer_place> answers_;
  std::size_t head_ = 0;
  std::size_t next_ = 0;
  std::size_t next_answer_ = 0;
  std::size_t mark_begin_ = 0;
};

}  // namespace switchboard::channel
