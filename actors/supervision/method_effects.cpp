#include "actors/supervision/method_effects.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard::rights {
namespace {

using store::work;

// What takes something out, ends it, or says how far somebody has come, frees; what an agent may do to
// stop working frees too. What lets a customer or a configuration bring in something new begins.
constexpr method_effect table[] = {
    {"account.create", work::begins},
    {"account.disable", work::frees},
    {"account.enable", work::goes_on},
    {"account.list", work::reads},
    {"account.new_token", work::goes_on},
    {"account.set_password", work::goes_on},
    {"account.update", work::goes_on},
    {"admin.actors", work::reads},
    {"admin.agent_move", work::goes_on},
    {"admin.agent_state", work::frees},
    {"admin.agents", work::reads},
    {"admin.backup", work::reads},
    {"admin.bump", work::goes_on},
    {"admin.centers", work::reads},
    {"admin.group_close", work::frees},
    {"admin.group_open", work::goes_on},
    {"admin.groups", work::reads},
    {"admin.rules_apply", work::begins},
    {"admin.rules_check", work::reads},
    {"admin.rules_diff", work::reads},
    {"admin.rules_edit", work::goes_on},
    {"admin.rules_history", work::reads},
    {"admin.rules_rollback", work::goes_on},
    {"admin.rules_show", work::reads},
    {"admin.session", work::reads},
    {"admin.sessions", work::reads},
    {"admin.status", work::reads},
    {"admin.why", work::reads},
    {"agent.accept", work::goes_on},
    {"agent.decline", work::frees},
    {"agent.snapshot", work::reads},
    {"agent.state", work::frees},
    {"agent.times", work::reads},
    {"attachment.begin", work::begins},
    {"attachment.chunk", work::goes_on},
    {"attachment.finish", work::goes_on},
    {"attachment.read", work::reads},
    {"campaign.create", work::begins},
    {"campaign.delete", work::frees},
    {"campaign.list", work::reads},
    {"campaign.update", work::goes_on},
    {"canned.list", work::reads},
    {"canned.search", work::reads},
    {"channel.ack", work::frees},
    {"channel.subscribe", work::reads},
    {"customer.block", work::goes_on},
    {"customer.cancel", work::reads},
    {"customer.changes", work::reads},
    {"customer.dossier", work::reads},
    {"customer.erase", work::frees},
    {"customer.export", work::reads},
    {"customer.fields", work::reads},
    {"customer.get", work::reads},
    {"customer.history", work::reads},
    {"customer.merge", work::goes_on},
    {"customer.mine", work::goes_on},
    {"customer.search", work::reads},
    {"customer.settle", work::goes_on},
    {"customer.tag", work::goes_on},
    {"customer.unblock", work::frees},
    {"customer.unmerge", work::goes_on},
    {"customer.update", work::goes_on},
    {"group.create", work::begins},
    {"group.merge", work::goes_on},
    {"group.retire", work::goes_on},
    {"group.update", work::goes_on},
    {"lead.create", work::begins},
    {"lead.list", work::reads},
    {"lead.update", work::goes_on},
    {"message.answer", work::begins},
    {"message.claim", work::goes_on},
    {"message.dismiss", work::frees},
    {"message.list", work::reads},
    {"message.release", work::frees},
    {"order.get", work::reads},
    {"order.list", work::reads},
    {"product.clicked", work::goes_on},
    {"product.credit", work::reads},
    {"product.recommend", work::reads},
    {"product.search", work::reads},
    {"sales_channel.create", work::begins},
    {"sales_channel.delete", work::frees},
    {"sales_channel.list", work::reads},
    {"sales_channel.update", work::goes_on},
    {"segment.create", work::begins},
    {"segment.delete", work::frees},
    {"segment.list", work::reads},
    {"segment.update", work::goes_on},
    {"session.barge", work::goes_on},
    {"session.claim", work::goes_on},
    {"session.close", work::frees},
    {"session.events", work::reads},
    {"session.leave", work::frees},
    {"session.monitor", work::goes_on},
    {"session.note", work::goes_on},
    {"session.open", work::begins},
    {"session.rate", work::goes_on},
    {"session.read", work::frees},
    {"session.recall", work::goes_on},
    {"session.remove", work::frees},
    {"session.send", work::begins},
    {"session.snooze", work::goes_on},
    {"session.subscribe", work::reads},
    {"session.tag", work::goes_on},
    {"session.takeover", work::goes_on},
    {"session.transfer", work::goes_on},
    {"session.transfer_cancel", work::frees},
    {"session.transfer_complete", work::goes_on},
    {"session.typing", work::reads},
    {"session.wake", work::goes_on},
    {"session.whisper", work::goes_on},
    {"session.why", work::reads},
    {"session.wrap_up", work::frees},
    {"team.list", work::reads},
};
static_assert(std::ranges::is_sorted(table, {}, &method_effect::method));

}  // namespace

std::span<const method_effect> effects() {
  return table;
}

store::work effect_of(std::string_view method) {
  auto at = std::ranges::lower_bound(table, method, {}, &method_effect::method);
  return at != std::end(table) && at->method == method ? at->does : work::goes_on;
}

}  // namespace switchboard::rights
