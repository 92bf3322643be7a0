#include "adapters/channel/transport/gated_queue.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::channel {

namespace {
// What an idle connection may keep after a burst.
constexpr std::size_t kept_marks = 256;
}  // namespace

void gated_queue::push(store::position after, std::string_view head, std::string_view body,
                       const std::uint32_t* answers) {
  const auto own = after;
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
  if (!answers) return;
  ++last.replies;
  answers_.push_back({*answers, own, begin, last.end});
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
    next_answer_ += m.replies;
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
  answers_.erase(answers_.begin(), answers_.begin() + static_cast<std::ptrdiff_t>(next_answer_));
  for (auto& m : marks_) m.end -= head_;
  for (auto& a : answers_) {
    a.begin -= head_;
    a.end -= head_;
  }
  mark_begin_ -= std::min(mark_begin_, head_);
  head_ = next_ = next_answer_ = 0;
}

std::vector<gated_queue::answer> gated_queue::take_answers() {
  std::vector<answer> taken;
  std::string rest;
  std::vector<mark> marks;
  auto from = head_;
  auto at = answers_.begin() + static_cast<std::ptrdiff_t>(next_answer_);
  for (auto m = next_; m < marks_.size(); ++m) {
    auto mark = marks_[m];
    for (; mark.replies > 0; --mark.replies, --mark.frames, ++at) {
      rest.append(bytes_, from, at->begin - from);
      taken.push_back({at->msgid, at->after, bytes_.substr(at->begin, at->end - at->begin)});
      from = at->end;
    }
    rest.append(bytes_, from, mark.end - from);
    from = mark.end;
    mark.end = rest.size();
    if (mark.frames > 0) marks.push_back(mark);
  }
  clear();
  bytes_ = std::move(rest);
  marks_ = std::move(marks);
  // Where the last mark begins: what comes next may join it.
  mark_begin_ = marks_.size() > 1 ? marks_[marks_.size() - 2].end : 0;
  return taken;
}

void gated_queue::clear() {
  bytes_.clear();
  marks_.clear();
  answers_.clear();
  head_ = next_ = next_answer_ = mark_begin_ = 0;
  if (bytes_.capacity() > kept_bytes) std::string().swap(bytes_);
  if (marks_.capacity() > kept_marks) std::vector<mark>().swap(marks_);
  if (answers_.capacity() > kept_marks) std::vector<answer_place>().swap(answers_);
}

}  // namespace switchboard::channel
