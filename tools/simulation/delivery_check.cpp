#include "tools/simulation/delivery_check.hpp"

#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {
namespace {

constexpr std::uint8_t message_kind = 10;

std::string client_key(const journal_checker::entry& e) {
  return wire_map(e.open_part).text("client_msg_id");
}

}  // namespace

void delivery_check::shown(cursor& c, std::uint64_t seq, std::uint64_t prev,
                           const std::string& type, std::uint64_t message_seq) {
  ++count_;
  auto where = c.reader + " of session " + c.session.text() + " at " + std::to_string(c.last) +
               " was shown " + std::to_string(seq) + " " + type + " (prev " + std::to_string(prev) +
               ")";
  if (seq <= c.last)
    found_.breach("I5", where + ": again, or out of order");
  else if (prev != c.last && !c.may_skip)
    found_.breach("I5", where + ": a gap");
  if (type == "message" && message_seq != seq)
    found_.breach("I5", where + ": a message with another's number");
  c.last = std::max(c.last, seq);
  c.may_skip = false;
  auto [it, fresh] = shown_.try_emplace({c.session, seq}, type);
  if (!fresh && it->second != type)
    found_.breach("I5", where + ": others were shown " + it->second);
}

void delivery_check::compare(const journal_checker& truth) {
  for (auto& [place, type] : shown_) {
    auto* page = truth.find(place.first);
    auto what =
        "event " + std::to_string(place.second) + " " + type + " of session " + place.first.text();
    if (!page || page->transcript.size() < place.second) {
      found_.breach("I5", what + " was shown and is lost");
      continue;
    }
    auto& e = page->transcript[place.second - 1];
    if (type == "message" && e.kind != message_kind)
      found_.breach("I5", what + " has become something else");
  }
}

void acknowledgement_check::message_sent(const session_id& session, std::uint64_t seq,
                                         const std::string& client_msg_id) {
  auto [it, fresh] = sent_.try_emplace({session, client_msg_id}, seq);
  if (!fresh && it->second != seq) {
    found_.breach("I5", "message " + client_msg_id + " of session " + session.text() +
                            " was acknowledged as " + std::to_string(it->second) + " and as " +
                            std::to_string(seq));
  }
}

void acknowledgement_check::opened(const std::string& channel, const std::string& customer,
                                   const std::string& request_id, const session_id& session) {
  auto [it, fresh] = opens_.try_emplace(channel + "/" + customer + "/" + request_id, session);
  if (!fresh && it->second != session) {
    found_.breach(
        "I5", "request " + it->first + " opened " + it->second.text() + " and " + session.text());
  }
}

void acknowledgement_check::happened(const session_id& session, std::uint64_t seq,
                                     const std::string& what) {
  others_.try_emplace({session, seq}, what);
}

void acknowledgement_check::taken_for_another(const session_id& session, const std::string& key) {
  found_.breach("I5", "a request under the key " + key + " of session " + session.text() +
                          " was answered for another");
}

void acknowledgement_check::compare(const journal_checker& truth) const {
  std::map<std::pair<session_id, std::string>, std::uint64_t> recorded;
  for (auto& [id, page] : truth.sessions()) {
    for (auto& e : page.transcript) {
      if (e.kind != message_kind) continue;
      auto key = client_key(e);
      if (key.empty()) continue;
      if (!recorded.try_emplace({id, key}, e.seq).second) {
        found_.breach("I5", "message " + key + " lies twice in session " + id.text());
      }
    }
  }
  for (auto& [what, seq] : sent_) {
    auto it = recorded.find(what);
    if (it == recorded.end())
      found_.breach("I5", "message " + what.second + " of session " + what.first.text() +
                              " was acknowledged and is lost");
    else if (it->second != seq)
      found_.breach("I5", "message " + what.second + " was acknowledged under another number");
  }
  for (auto& [request, id] : opens_) {
    if (!truth.find(id))
      found_.breach("I5", "session " + id.text() + ", opened by " + request + ", is lost");
  }
  for (auto& [place, what] : others_) {
    auto* page = truth.find(place.first);
    if (!page || page->transcript.size() < place.second) {
      found_.breach("I5",
                    what + " of session " + place.first.text() + " was acknowledged and is lost");
    }
  }
}

}  // namespace switchboard::simulation
