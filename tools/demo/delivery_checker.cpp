#include "tools/demo/delivery_checker.hpp"

#include <utility>

namespace switchboard::demo {
namespace {

constexpr std::size_t most_problems = 100;

std::string at(const std::string& session, std::uint64_t seq) {
  return session + " seq " + std::to_string(seq);
}

}  // namespace

void delivery_checker::lose(std::string what) {
  totals_.lost += 1;
  if (problems_.size() < most_problems) problems_.push_back("lost: " + std::move(what));
}

void delivery_checker::twice(std::string what) {
  totals_.doubled += 1;
  if (problems_.size() < most_problems) problems_.push_back("doubled: " + std::move(what));
}

void delivery_checker::sent(const std::string& session, const std::string& message) {
  totals_.sent += 1;
  sessions_[session].acknowledgements.try_emplace(message, 0);
}

void delivery_checker::acknowledged(const std::string& session, const std::string& message) {
  auto& times = sessions_[session].acknowledgements[message];
  if (++times == 1) {
    totals_.acknowledged += 1;
  } else {
    twice(session + ": " + message + " was acknowledged again");
  }
}

void delivery_checker::begin_reading(const std::string& reader, const std::string& session) {
  auto& r = sessions_[session].readers[reader];
  r.begun = false;
}

void delivery_checker::pushed(const std::string& reader, const seen_event& e) {
  auto& r = sessions_[e.session].readers[reader];
  if (!r.begun) {
    r.begun = true;
    r.first_prev = e.prev;
  } else if (e.seq <= r.last) {
    return twice(at(e.session, e.seq) + " came again to " + reader);
  } else if (e.prev != r.last) {
    lose(at(e.session, e.seq) + " follows " + std::to_string(e.prev) + ", but " + reader + " had " +
         std::to_string(r.last) + " last");
  }
  r.last = e.seq;
  r.seqs.insert(e.seq);
  if (e.message.empty()) return;
  if (r.messages[e.message].insert(e.seq).second) totals_.received += 1;
}

void delivery_checker::fetched(const std::string& reader, const seen_event& e) {
  auto& r = sessions_[e.session].readers[reader];
  if (e.seq <= r.fetched_to) return;
  if (e.prev != r.fetched_to) {
    lose(at(e.session, e.seq) + " follows " + std::to_string(e.prev) + ", but " + reader +
         " was given " + std::to_string(r.fetched_to) + " before it");
  }
  r.fetched_to = e.seq;
  r.seqs.insert(e.seq);
  if (!e.message.empty()) r.messages[e.message].insert(e.seq);
}

void delivery_checker::check_reader(const std::string& session, const std::string& reader,
                                    const reading& r, const session_entry& s) {
  if (r.begun && r.first_prev > r.fetched_to) {
    lose(session + ": nobody showed " + reader + " what came before seq " +
         std::to_string(r.first_prev + 1));
  }
  for (auto& [message, times] : s.acknowledgements) {
    auto seen = r.messages.find(message);
    if (seen == r.messages.end()) {
      lose(session + ": " + message + " never came to " + reader);
    } else if (seen->second.size() > 1) {
      twice(session + ": " + message + " stands in " + std::to_string(seen->second.size()) +
            " places for " + reader);
    }
  }
}

void delivery_checker::check_stored(const std::string& session, const reading& r,
                                    const std::vector<seen_event>& stored) {
  std::uint64_t last = 0;
  std::set<std::uint64_t> kept;
  for (auto& e : stored) {
    if (e.seq <= last) twice(at(session, e.seq) + " is kept twice");
    last = e.seq;
    kept.insert(e.seq);
    if (!r.seqs.contains(e.seq)) lose(at(session, e.seq) + " is kept but never came");
  }
  for (auto seq : r.seqs) {
    if (!kept.contains(seq)) lose(at(session, seq) + " came but is not kept");
  }
}

void delivery_checker::settle(const std::string& session, const std::string& customer,
                              const std::string& agent, const std::vector<seen_event>& stored) {
  auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  auto& s = found->second;
  for (auto& [message, times] : s.acknowledgements) {
    if (times == 0) lose(session + ": " + message + " was never acknowledged");
  }
  check_reader(session, customer, s.readers[customer], s);
  check_reader(session, agent, s.readers[agent], s);
  check_stored(session, s.readers[customer], stored);
  sessions_.erase(found);
}

}  // namespace switchboard::demo
