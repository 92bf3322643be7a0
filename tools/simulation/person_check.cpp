#include "tools/simulation/person_check.hpp"

#include "runtime/text/contact_form.hpp"

namespace switchboard::simulation {
namespace {

std::vector<std::string> shown_by(const channel_customer& who) {
  std::vector<std::string> all;
  if (auto phone = phone_form(who.phone); !phone.empty()) all.push_back("telephone " + phone);
  if (auto email = email_form(who.email); !email.empty()) all.push_back("mail address " + email);
  if (!who.union_id.empty()) all.push_back("union id " + who.union_id);
  return all;
}

bool counts(const journal_checker::identity& who) {
  auto& f = who.found;
  return f.conflicts.empty() && !f.guessed() && (f.heard_by_person() || !who.before_crash);
}

}  // namespace

void compare_persons(const journal_checker& truth, verdict& found) {
  std::map<std::string, const journal_checker::session_page*> first;
  for (auto& [id, page] : truth.sessions()) {
    if (!page.who || !counts(*page.who)) continue;
    for (auto& what : shown_by(page.who->shown)) {
      auto [it, fresh] = first.try_emplace(what, &page);
      auto& one = it->second->who->found.person;
      auto& other = page.who->found.person;
      if (fresh || one == other) continue;
      found.breach("P", what + " made two persons, " + one.value + " in session " +
                            it->second->state.id.text() + " and " + other.value + " in session " +
                            id.text());
    }
  }
}

}  // namespace switchboard::simulation
