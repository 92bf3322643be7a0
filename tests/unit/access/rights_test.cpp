#include <string>

#include <gtest/gtest.h>

#include "actors/access/staff_ties.hpp"

namespace switchboard {
namespace {

/// The matrix, written out: for each role the ties that let it. o owner, s speaker, l listener, f
/// offered, p past, t team, T team of a session that is over, m oneself, g of the group, G leads
/// somebody of the group, * anybody, - nobody. What stands behind # is a part of the method.
struct expectation {
  const char* method;
  const char* customer;
  const char* agent;
  const char* leader;
  const char* supervisor;
  const char* admin;
  const char* console;
};

constexpr expectation matrix[] = {
    {"account.create", "-", "-", "-", "-", "*", "*"},
    {"account.disable", "-", "-", "-", "-", "*", "*"},
    {"account.enable", "-", "-", "-", "-", "*", "*"},
    {"account.export", "-", "-", "-", "-", "*", "*"},
    {"account.import", "-", "-", "-", "-", "*", "*"},
    {"account.list", "-", "-", "-", "-", "*", "*"},
    {"account.new_token", "-", "-", "-", "-", "*", "*"},
    {"account.set_password", "-", "-", "-", "-", "*", "*"},
    {"account.update", "-", "-", "-", "-", "*", "*"},
    {"admin.activity", "-", "-", "-", "-", "*", "*"},
    {"admin.actor", "-", "-", "-", "-", "*", "*"},
    {"admin.actors", "-", "-", "-", "-", "*", "*"},
    {"admin.agent_move", "-", "-", "-", "-", "*", "*"},
    {"admin.agent_state", "-", "-", "-", "-", "*", "*"},
    {"admin.agents", "-", "-", "-", "-", "*", "*"},
    {"admin.backup", "-", "-", "-", "-", "*", "*"},
    {"admin.bump", "-", "-", "-", "-", "*", "*"},
    {"admin.centers", "-", "-", "-", "-", "*", "*"},
    {"admin.group_close", "-", "-", "-", "-", "*", "*"},
    {"admin.group_open", "-", "-", "-", "-", "*", "*"},
    {"admin.groups", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_apply", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_conflicts", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_keep", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_check", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_diff", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_edit", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_history", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_rollback", "-", "-", "-", "-", "*", "*"},
    {"admin.rules_show", "-", "-", "-", "-", "*", "*"},
    {"admin.session", "-", "-", "-", "-", "*", "*"},
    {"admin.session_assign", "-", "-", "-", "-", "*", "*"},
    {"admin.session_close", "-", "-", "-", "-", "*", "*"},
    {"admin.session_events", "-", "-", "-", "-", "*", "*"},
    {"admin.session_move", "-", "-", "-", "-", "*", "*"},
    {"admin.sessions", "-", "-", "-", "-", "*", "*"},
    {"admin.status", "-", "-", "-", "-", "*", "*"},
    {"admin.why", "-", "-", "-", "-", "*", "*"},
    {"agent.accept", "-", "*", "*", "*", "*", "-"},
    {"agent.decline", "-", "*", "*", "*", "*", "-"},
    {"agent.snapshot", "-", "*", "*", "*", "*", "-"},
    {"agent.state", "-", "*", "*", "*", "*", "-"},
    {"agent.times", "-", "m", "mt", "mt", "mt", "*"},
    {"attachment.begin", "*", "os", "os", "os", "os", "-"},
    {"attachment.chunk", "*", "*", "*", "*", "*", "-"},
    {"attachment.finish", "*", "*", "*", "*", "*", "-"},
    {"attachment.read", "*", "oslfp", "oslfpT", "oslfpT", "oslfpT", "-"},
    {"campaign.create", "-", "-", "-", "*", "*", "*"},
    {"campaign.delete", "-", "-", "-", "*", "*", "*"},
    {"campaign.list", "-", "*", "*", "*", "*", "*"},
    {"campaign.update", "-", "-", "-", "*", "*", "*"},
    {"canned.list", "-", "oslfp", "oslfp", "oslfp", "oslfp", "-"},
    {"canned.search", "-", "oslfp", "oslfp", "oslfp", "oslfp", "-"},
    {"channel.ack", "*", "-", "-", "-", "-", "-"},
    {"channel.subscribe", "*", "-", "-", "-", "-", "-"},
    {"customer.block", "-", "-", "*", "*", "*", "*"},
    {"customer.cancel", "-", "*", "*", "*", "*", "*"},
    {"customer.changes", "-", "*", "*", "*", "*", "*"},
    {"customer.dossier", "-", "-", "-", "*", "*", "*"},
    {"customer.erase", "-", "-", "-", "-", "*", "*"},
    {"customer.export", "-", "-", "-", "*", "*", "*"},
    {"customer.fields", "-", "*", "*", "*", "*", "*"},
    {"customer.get", "-", "*", "*", "*", "*", "*"},
    {"customer.history", "-", "*", "*", "*", "*", "*"},
    {"customer.merge", "-", "-", "*", "*", "*", "*"},
    {"customer.mine", "-", "*", "*", "*", "*", "*"},
    {"customer.search", "-", "*", "*", "*", "*", "*"},
    {"customer.search#condition", "-", "-", "-", "*", "*", "*"},
    {"customer.settle", "-", "*", "*", "*", "*", "*"},
    {"customer.tag", "-", "*", "*", "*", "*", "*"},
    {"customer.unblock", "-", "-", "*", "*", "*", "*"},
    {"customer.unmerge", "-", "-", "*", "*", "*", "*"},
    {"customer.update", "-", "*", "*", "*", "*", "*"},
    {"group.create", "-", "-", "-", "-", "*", "*"},
    {"group.merge", "-", "-", "-", "-", "*", "*"},
    {"group.retire", "-", "-", "-", "-", "*", "*"},
    {"group.update", "-", "-", "-", "-", "*", "*"},
    {"lead.create", "-", "*", "*", "*", "*", "*"},
    {"lead.list", "-", "*", "*", "*", "*", "*"},
    {"lead.update", "-", "*", "*", "*", "*", "*"},
    {"message.answer", "-", "g", "*", "*", "*", "*"},
    {"message.claim", "-", "g", "*", "*", "*", "-"},
    {"message.dismiss", "-", "g", "*", "*", "*", "*"},
    {"message.list", "-", "g", "*", "*", "*", "*"},
    {"message.release", "-", "g", "*", "*", "*", "-"},
    {"order.get", "-", "*", "*", "*", "*", "-"},
    {"order.list", "-", "oslfp", "oslfp", "oslfp", "oslfp", "-"},
    {"product.clicked", "*", "-", "-", "-", "-", "-"},
    {"product.credit", "-", "m", "m", "m", "m", "*"},
    {"product.recommend", "-", "oslfp", "oslfp", "oslfp", "oslfp", "-"},
    {"product.search", "-", "*", "*", "*", "*", "-"},
    {"sales_channel.create", "-", "-", "-", "*", "*", "*"},
    {"sales_channel.delete", "-", "-", "-", "*", "*", "*"},
    {"sales_channel.list", "-", "*", "*", "*", "*", "*"},
    {"sales_channel.update", "-", "-", "-", "*", "*", "*"},
    {"segment.create", "-", "-", "-", "*", "*", "*"},
    {"segment.delete", "-", "-", "-", "*", "*", "*"},
    {"segment.list", "-", "*", "*", "*", "*", "*"},
    {"segment.update", "-", "-", "-", "*", "*", "*"},
    {"session.barge", "-", "-", "t", "t", "t", "-"},
    {"session.claim", "-", "g", "g", "g", "g", "-"},
    {"session.close", "*", "op", "opt", "opt", "opt", "-"},
    {"session.events", "*", "oslfp", "oslfpT", "oslfpT", "oslfpT", "-"},
    {"session.leave", "-", "sl", "sl", "sl", "sl", "-"},
    {"session.monitor", "-", "-", "t", "t", "t", "-"},
    {"session.note", "-", "oslfp", "oslfptT", "oslfptT", "oslfptT", "-"},
    {"session.open", "*", "-", "-", "-", "-", "-"},
    {"session.rate", "*", "-", "-", "-", "-", "-"},
    {"session.read", "*", "osp", "osp", "osp", "osp", "-"},
    {"session.recall", "*", "osp", "osp", "osp", "osp", "-"},
    {"session.recall#others", "-", "-", "osp", "osp", "osp", "-"},
    {"session.remove", "-", "o", "ot", "ot", "ot", "-"},
    {"session.send", "*", "os", "os", "os", "os", "-"},
    {"session.snooze", "-", "o", "ot", "ot", "ot", "-"},
    {"session.subscribe", "*", "oslfp", "oslfpT", "oslfpT", "oslfpT", "-"},
    {"session.tag", "-", "oslfp", "oslfptT", "oslfptT", "oslfptT", "-"},
    {"session.takeover", "-", "-", "t", "t", "t", "-"},
    {"session.transfer", "-", "o", "ot", "ot", "ot", "-"},
    {"session.transfer_cancel", "-", "op", "opt", "opt", "opt", "-"},
    {"session.transfer_complete", "-", "o", "ot", "ot", "ot", "-"},
    {"session.typing", "*", "os", "os", "os", "os", "-"},
    {"session.wake", "-", "o", "ot", "ot", "ot", "-"},
    {"session.whisper", "-", "osl", "oslt", "oslt", "oslt", "-"},
    {"session.why", "-", "oslfp", "oslfptTgG", "oslfptTgG", "oslfptTgG", "-"},
    {"session.wrap_up", "-", "op", "op", "op", "op", "-"},
    {"team.list", "-", "-", "*", "*", "*", "-"},
};

constexpr std::pair<char, ties> letters[] = {
    {'o', tie::owner}, {'s', tie::speaker},   {'l', tie::listener},  {'f', tie::offered},
    {'p', tie::past},  {'t', tie::team},      {'T', tie::team_over}, {'m', tie::self},
    {'g', tie::group}, {'G', tie::team_group}};

TEST(rights, every_method_lets_each_role_with_each_tie_as_the_matrix_says) {
  for (auto& want : matrix) {
    const char* by_role[account_roles] = {want.customer,   want.agent, want.leader,
                                          want.supervisor, want.admin, want.console};
    for (std::size_t r = 0; r < account_roles; ++r) {
      auto role = static_cast<account_role>(r);
      std::string may = by_role[r];
      auto what = std::string(want.method) + " by " + std::string(to_string(role));
      EXPECT_EQ(rights::may_call(want.method, role), may != "-") << what;
      EXPECT_EQ(rights::allows(want.method, role, tie::nothing), may == "*") << what;
      for (auto& [letter, bit] : letters) {
        bool lets = may == "*" || may.find(letter) != std::string::npos;
        EXPECT_EQ(rights::allows(want.method, role, bit), lets) << what << " with " << letter;
      }
    }
  }
}

TEST(rights, the_matrix_and_the_table_have_the_same_methods) {
  EXPECT_EQ(rights::table().size(), std::size(matrix));
  for (auto& want : matrix) EXPECT_TRUE(rights::find(want.method)) << want.method;
}

TEST(rights, what_has_no_row_is_refused_to_everybody) {
  for (std::size_t r = 0; r < account_roles; ++r) {
    EXPECT_FALSE(rights::may_call("session.nonsense", static_cast<account_role>(r)));
    EXPECT_FALSE(rights::allows("session.nonsense", static_cast<account_role>(r), 0xffff));
  }
}

}  // namespace
}  // namespace switchboard
