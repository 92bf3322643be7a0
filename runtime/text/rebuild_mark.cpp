#include "runtime/text/rebuild_mark.hpp"

#include "runtime/text/fold.hpp"

namespace switchboard {

rebuild_mark::rebuild_mark(std::string_view written) {
  // Of another folding nothing is of use, however far it had come.
  const auto name = folding() + '\n';
  if (!written.starts_with(name) || written.size() == name.size()) return;
  written.remove_prefix(name.size());
  const auto at = written.front();
  if (at != 'b' && at != 'd') return;
  phase_ = static_cast<phase>(at);
  reached_ = written.substr(1);
}

void rebuild_mark::step(const take_out& clear, const put_in& build) {
  if (phase_ == phase::clearing) {
    if (clear() != 0) return;
    phase_ = phase::building;
  }
  if (phase_ == phase::done) return;
  reached_ = build(reached_);
  if (reached_.empty()) phase_ = phase::done;
}

std::string rebuild_mark::text() const {
  return folding() + '\n' + static_cast<char>(phase_) + reached_;
}

}  // namespace switchboard
