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
  if (!empty()) after = std::max(after, x_marks.back().after);
  auto begin = x_bytes.size();
  x_bytes.append(head).append(body);
  bool joins =
      !empty() && x_marks.back().after == after && x_bytes.size() - x_mark_begin <= mark_bytes;
  if (!joins) {
    x_mark_begin = begin;
    x_marks.push_back({after, 0, 0, 0});
  }
  auto& last = x_marks.back();
  last.end = x_bytes.size();
  ++last.frames;
  last.replies += reply ? 1 : 0;
}

gated_queue::released gated_queue::take(store::position durable, std::size_t most,
                                        std::string& out) {
  released done;
  auto end = x_head;
  while (!empty() && front() <= durable &&
         (end == x_head || x_marks[x_next].end - x_head <= most)) {
    auto& m = x_marks[x_next++];
    end = m.end;
    done.frames += m.frames;
    done.replies += m.replies;
  }
  if (done.frames == 0) return done;
  if (empty() && x_head == 0) {
    std::swap(out, x_bytes);
  } else {
    out.assign(x_bytes, x_head, end - x_head);
    x_head = end;
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
  if (x_head < kept_bytes || x_head * 2 < x_bytes.size()) return;
  x_bytes.erase(0, x_head);
  x_marks.erase(x_marks.begin(), x_marks.begin() + static_cast<std::ptrdiff_t>(x_next));
  for (auto& m : x_marks) m.end -= x_head;
  x_mark_begin -= std::min(x_mark_begin, x_head);
  x_head = x_next = 0;
}

void gated_queue::clear() {
  x_bytes.clear();
  x_marks.clear();
  x_head = x_next = x_mark_begin = 0;
  if (x_bytes.capacity() > kept_bytes) std::string().swap(x_bytes);
  if (x_marks.capacity() > kept_marks) std::vector<mark>().swap(x_marks);
}

}  // namespace switchboard::channel
