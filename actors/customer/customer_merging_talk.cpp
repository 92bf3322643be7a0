#include <algorithm>

#include "actors/customer/customer_body.hpp"
#include "actors/read_model/projection/customer_reading.hpp"

namespace switchboard {

using step = customer_told::step;

void customer_body::handle(customer_told& m) {
  switch (m.what) {
    case step::absorb:
      return absorb(m);
    case step::absorbed:
      return absorbed(m);
    case step::give_back:
      return give_back(m);
    case step::come_back:
      return come_back(m);
    case step::mined:
      return mined(m);
  }
}

void customer_body::tell(customer_told m) {
  m.from = person();
  self_->send(services_.directory.customers_of(m.person), std::move(m));
}

void customer_body::call_merge(customer_call& m, request_key key) {
  person_id survivor{m.other};
  if (auto may = customer_machine::may_merge(record_, survivor); !may)
    return m.reply.fail(services_.journal.last(), may.error());
  tell({step::absorb,
        survivor,
        {},
        m.by.role + ':' + m.by.id,
        {codec::pack(record_)},
        record_.seq,
        m.reply,
        key});
}

void customer_body::absorb(customer_told& m) {
  customer_record other;
  auto at = services_.journal.last();
  if (!codec::unpack(m.content.bytes, other))
    return m.reply.fail(at, error{errc::internal, "a customer's record cannot be read", {}, {}, 0});
  auto events = customer_machine::decide_absorb(record_, other, m.by, services_.options.limits);
  if (!events) return m.reply.fail(at, events.error());
  if (!events->empty()) commit(std::move(*events));
  load_trail(*services_.state.view());
  if (record_.blocked) {
    customer_call block;
    block.method = customer_method::block;
    block.by = {"system", "merge", ""};
    block.text = record_.blocked->reason;
    block.until = record_.blocked->until;
    block.passed_on = true;
    for (auto& a : record_.absorbed) {
      if (a.person != m.from) continue;
      block.to_tell = {a.person};
      for (auto& p : a.persons) block.to_tell.push_back(p);
    }
    // It reaches the other before the word below, and so is kept before the merge is answered.
    if (!block.to_tell.empty()) pass_block_on(block);
  }
  tell({step::absorbed, m.from, {}, m.by, {}, m.seq, m.reply, m.key});
}

/// The survivor has it all, unless something happened here meanwhile: then it hears that too.
void customer_body::absorbed(customer_told& m) {
  if (replayed({m.key}, m.reply)) return;  // asked twice at once: the first has done it
  customer_machine::payloads events;
  if (record_.merged_into) {
    if (record_.merged_into->survivor != m.from) return;
  } else if (record_.seq != m.seq) {
    return tell(
        {step::absorb, m.from, {}, m.by, {codec::pack(record_)}, record_.seq, m.reply, m.key});
  } else {
    events.push_back(customer_event::merged_away{{m.from, m.by, wall()}});
  }
  const bool merged = !events.empty();
  codec::packer p;
  field(p.map(1), "customer_id", m.from.value);
  settle(m.reply, m.key, std::move(events), p.take());
  if (merged) load_trail(*services_.state.view());
}

void customer_body::call_unmerge(customer_call& m, request_key key) {
  if (auto may = customer_machine::may_unmerge(record_); !may)
    return m.reply.fail(services_.journal.last(), may.error());
  tell({step::give_back,
        record_.merged_into->survivor,
        {},
        m.by.role + ':' + m.by.id,
        {},
        0,
        m.reply,
        key});
}

void customer_body::give_back(customer_told& m) {
  auto d = customer_machine::decide_give_back(record_, m.from, m.by);
  if (!d) return m.reply.fail(services_.journal.last(), d.error());
  if (!d->events.empty()) commit(std::move(d->events));
  load_trail(*services_.state.view());
  tell({step::come_back, m.from, {}, m.by, {codec::pack(d->leads)}, 0, m.reply, m.key});
}

void customer_body::come_back(customer_told& m) {
  if (replayed({m.key}, m.reply)) return;
  std::vector<sales_lead> leads;
  customer_machine::payloads events;
  if (record_.merged_into && codec::unpack(m.content.bytes, leads))
    events.push_back(customer_event::came_back{std::move(leads), m.by});
  const bool back = !events.empty();
  codec::packer p;
  field(p.map(1), "customer_id", person().value);
  settle(m.reply, m.key, std::move(events), p.take());
  if (back) load_trail(*services_.state.view());
}

/// A merge and its undo are two records, the survivor's first, and an end of the process may have
/// come between them. Whoever is read back with the first alone goes on from there; nobody waits
/// for the answer. What is merely not projected yet is answered like a repetition and changes
/// nothing.
void customer_body::finish_what_was_cut(const store::state_view& view) {
  for (auto& a : record_.absorbed) {
    auto other = projecting::read_customer(view, a.person);
    if (!other.merged_into && !other.blank())
      tell({step::absorbed, a.person, {}, a.by, {}, 0, {}, {}});
  }
  if (!record_.merged_into) return;
  auto survivor = projecting::read_customer(view, record_.merged_into->survivor);
  if (std::ranges::find(survivor.absorbed, person(), &absorbed_person::person) !=
      survivor.absorbed.end())
    return;
  auto undone = std::ranges::find(survivor.given_back, person(), &returned_person::person);
  if (undone != survivor.given_back.end())
    tell({step::give_back, survivor.person, {}, undone->by, {}, 0, {}, {}});
}

/// Whom this one is shown with has identities of its own, by which requests come in. The call goes
/// through all of them and comes back here last, so that it is answered when all of it is kept.
bool customer_body::blocks_others_first(customer_call& m) {
  for (auto& other : customer_machine::shown_under(record_)) {
    if (other != person()) m.to_tell.push_back(other);
  }
  if (m.to_tell.empty()) return false;
  m.to_tell.push_back(person());
  m.passed_on = true;
  pass_block_on(m);
  return true;
}

void customer_body::pass_block_on(customer_call& m) {
  m.person = m.to_tell.front();
  m.to_tell.erase(m.to_tell.begin());
  self_->send(services_.directory.customers_of(m.person), std::move(m));
}

/// A session is over: once it is projected the miner looks at what was said.
void customer_body::note_close(const trail_note& m) {
  auto config = this->config();
  bool anything = config && !config->mining.empty() && m.entry.messages > 0;
  bool known = std::ranges::any_of(to_mine_, [&](auto& c) { return c.session == m.entry.session; });
  // It is told twice of a session that its survivor is told of too.
  if (!anything || known || m.seen_as_survivor || to_mine_.size() >= services_.options.waiting)
    return;
  to_mine_.push_back({m.entry.session, services_.journal.last()});
  arm(now() + services_.options.look_again);
}

void customer_body::mine_projected() {
  while (!to_mine_.empty() && services_.state.projected() >= to_mine_.front().upto) {
    if (services_.directory.miner)
      self_->send(services_.directory.miner,
                  mine_session{to_mine_.front().session, person(), "mining", {}, {}});
    to_mine_.pop_front();
  }
}

void customer_body::mined(customer_told& m) {
  if (record_.merged_into) {
    m.person = record_.merged_into->survivor;
    self_->send(services_.directory.customers_of(m.person), std::move(m));
    return;
  }
  if (replayed({m.key}, m.reply)) return;
  std::vector<suggestion> all;
  codec::unpack(m.content.bytes, all);
  auto config = this->config();
  // The rules are the administrator's word: they may set what an agent may not.
  auto policy = config ? field_policy(*config, "admin") : field_policy();
  auto events =
      customer_machine::decide_suggest(record_, all, wall(), services_.options.limits, policy);
  // The answer shows what is suggested from then on.
  auto after = record_;
  for (auto& e : events) apply(after, e, wall());
  codec::packer p;
  codec::pack_value(p.map(1).str("suggestions"), after.suggestions, codec::audience::client);
  settle(m.reply, m.key, std::move(events), p.take());
}

}  // namespace switchboard
