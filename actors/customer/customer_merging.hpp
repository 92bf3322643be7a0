#pragma once

#include <string>
#include <vector>

#include "actors/customer/customer_machine.hpp"

/// Two persons become one by hand, and two again: plain functions from records to events.
///
///     the one merged away            the survivor
///     merge →                        absorb: takes leads, fills what its profile lacks
///     merged_away (seen no longer)   ←
///     unmerge →                      gives back: leads as they are now, what it filled in
///     came_back                      ←
///
/// Each side records its own part, the survivor first; a crash between leaves a merge that the same
/// call completes. Identities and sessions stay with whom they came to: the survivor only shows
/// them, so that an undo parts them exactly.
namespace switchboard::customer_machine {

/// May `r` be merged into `survivor`? Says why not.
result<void> may_merge(const customer_record& r, const person_id& survivor);
/// May a merge of `r` be undone?
result<void> may_unmerge(const customer_record& r);

/// The survivor's side of a merge: nothing new is no event.
result<payloads> decide_absorb(const customer_record& survivor, const customer_record& other,
                               const std::string& by, const limits& l = {});
/// The survivor's side of an undo, and the leads that go back.
struct return_decision {
  payloads events;
  std::vector<sales_lead> leads;
};
result<return_decision> decide_give_back(const customer_record& survivor, const person_id& other,
                                         const std::string& by);

/// Everybody who is shown under this one: itself and whom it absorbed.
std::vector<person_id> shown_under(const customer_record& r);
/// Their member ids, each once.
std::vector<std::string> members_of(const customer_record& r);

result<decision> decide_block(const customer_record& r, const participant& by, std::string reason,
                              std::optional<timestamp> until, timestamp now);
result<decision> decide_unblock(const customer_record& r, const participant& by);

/// Adds what is not suggested, settled or true already. Automatic ones are done at once.
payloads decide_suggest(const customer_record& r, const std::vector<suggestion>& all, timestamp now,
                        const limits& l, const field_policy& policy);
/// Accepts a suggestion, which does what it says, or dismisses it.
result<decision> decide_settle(const customer_record& r, const participant& by,
                               const std::string& id, bool accept, timestamp now, const limits& l,
                               const field_policy& policy);

}  // namespace switchboard::customer_machine
