#pragma once

#include <string>
#include <vector>

#include "actors/reception/alert_plan.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// What most sessions never need: kept apart, so that they do not carry it.
struct reception_state {
  told_alerts unanswered, waiting;
  timestamp idle_warned_at{}, silence_told_at{}, rating_asked_at{};
  bool rating_reminded = false;
  std::string disposition, summary;
  std::vector<std::string> gone_attachments;  // of messages taken back: nobody reads them any more
};
template <class V> void describe(V& v, reception_state& x) {
  v("unanswered", x.unanswered);
  v("waiting", x.waiting);
  v("idle_warned_at", x.idle_warned_at);
  v("silence_told_at", x.silence_told_at);
  v("rating_asked_at", x.rating_asked_at);
  v("rating_reminded", x.rating_reminded);
  v("disposition", x.disposition);
  v("summary", x.summary);
  v("gone_attachments", x.gone_attachments);
}

}  // namespace switchboard
