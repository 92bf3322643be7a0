#include "adapters/channel/transport/gated_queue.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::channel {

namespace {
// What an idle connection may keep after a burst.
constexpr std::size_t kept_bytes = 16 * 1024;
constexpr std::size_t kept_marks = 256;
}  // namespace

void gated_queue::push(store::position after, std::string_view head, std::string_view body,
                       bool reply) {
  if (!empty()) after = std::max(after, marks_.back().after);
  auto begin = bytes_.size();
  bytes_.append(head).append(body);
  bool joins =
      !empty() && marks_.back().after == after && bytes_.size() - mark_begin_ <= mark_bytes;
  if (!joins) {
    mark_begin_ = begin;
    marks_.push_back({after, 0, 0, 0});
  }
  auto& last = marks_.back();
  last.end = bytes_.size();
  ++last.frames;
  last.replies += reply ? 1 : 0;
}

gated_queue::released gated_queue::take(store::position durable, std::size_t most,
                                        std::string& out) {
  released done;
  auto end = head_;
  while (!empty() && front() <= durable && (end == head_ || marks_[next_].end - head_ <= most)) {
    auto& m = marks_[next_++];
    end = m.end;
    done.frames += m.frames;
    done.replies += m.replies;
  }
  if (done.frames == 0) return done;
  if (empty() && head_ == 0) {
    std::swap(out, bytes_);
  } else {
    out.assign(bytes_, head_, end - head_);
    head_ = end;
  }
  compact();
  return done;
}

// Keeps the cost of forgetting what has left proportional to what has left.
void gated_queue::compact() {
  if (empty()) {
    clear();
    return;
  }
  if (head_ < kept_bytes || head_ * 2 < bytes_.size()) return;
  bytes_.erase(0, head_);
  marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(next_));
  for (auto& m : marks_) m.end -= head_;
  mark_begin_ -= std::min(mark_begin_, head_);
  head_ = next_ = 0;
}

void gated_queue::clear() {
  bytes_.clear();
  marks_.clear();
  head_ = next_ = mark_begin_ = 0;
  if (bytes_.capacity() > kept_bytes) std::string().swap(bytes_);
  if (marks_.capacity() > kept_marks) std::vector<mark>().swap(marks_);
}

}  // namespace switchboard::channel
