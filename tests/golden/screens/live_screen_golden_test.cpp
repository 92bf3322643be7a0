#include <sstream>

#include "tests/golden/screens/golden_file.hpp"
#include "tools/demo/live_screen.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::demo {
namespace {

live_screen busy_center() {
  live_screen s;
  s.elapsed_ms = 92'000;
  s.to_come = 31;
  s.waiting = 6;
  s.offered = 1;
  s.active = 14;
  s.closed = 8;
  s.planned = 60;
  s.messages = 211;
  s.transfers = 2;
  s.ratings = 5;
  s.longest_wait_ms = 21'400;
  s.waiters = {{"曾黎", "会员专席", "咖啡机漏水", "", 21'400},
               {"Sophie Turner", "English Desk", "Coupon was not applied", "Emma", 18'000},
               {"张三丰", "售后（杭州）", "退款什么时候到账，已经等了一个星期了", "", 9'100},
               {"O'Brien-Featherstonehaugh", "售后（杭州）", "Broken", "", 4'000},
               {"王芳", "售前", "空调能装在阳台吗", "", 900},
               {"李雷", "售前", "打印机缺墨", "", 700},
               {"韩梅梅", "售前", "怎么开发票", "", 650}};
  for (int i = 0; i < 12; ++i) {
    s.said.push_back("→ 曾黎 is served by 林晓岚 (会员专席)");
    s.said.push_back(
        "林晓岚 to 曾黎: 曾女士您好，我是会员专席的小林。漏水是出现在预热还是萃取的时候？"
        "如果方便的话请拍一张照片给我，我马上为您登记，寄一个新的给您。");
    s.said.push_back("Sophie Turner: I had a 30 off coupon and it wasn't used");
  }
  s.groups = {{"会员专席", 1, 3}, {"English Desk", 1, 2}, {"售后（杭州）", 2, 6}, {"售前", 3, 3}};
  s.agents = {{"林晓岚", "online", 3, {"曾黎", "陈静"}},
              {"王磊", "online", 4, {}},
              {"Emma", "away", 3, {}},
              {"Daniel", "online", 3, {"George Hill"}},
              {"刘洋", "offline", 5, {}},
              {"周敏", "online", 5, {"高圆圆", "胡歌", "Ann"}}};
  s.hints = {{"build/release/bin/switchboardctl sessions --watch", "who waits, in which order"}};
  return s;
}

std::vector<std::string> rows_of(const std::string& drawn) {
  std::vector<std::string> out;
  std::istringstream in(drawn);
  for (std::string row; std::getline(in, row);) {
    if (row.ends_with('\r')) row.pop_back();
    if (row.ends_with("\x1b[K")) row.resize(row.size() - 3);
    row.erase(row.find_last_not_of(' ') + 1);
    out.push_back(row);
  }
  return out;
}

std::string as_seen(const std::string& drawn) {
  std::string out;
  for (auto& row : rows_of(drawn)) out += row + '\n';
  return out;
}

TEST(live_screen, at_80_columns_shows_who_waits_and_what_is_said_and_folds_the_rest) {
  expect_golden("demo_80x24.txt", as_seen(draw(busy_center(), {80, 24}, false)));
}

TEST(live_screen, at_160_columns_shows_agents_beside_what_is_said) {
  expect_golden("demo_160x45.txt", as_seen(draw(busy_center(), {160, 45}, false)));
}

TEST(live_screen, where_nobody_is_yet) {
  expect_golden("demo_80x24_empty.txt", as_seen(draw({}, {80, 24}, false)));
}

TEST(live_screen, never_exceeds_its_terminal_and_has_no_colours_unless_asked) {
  const auto center = busy_center();
  for (std::size_t columns : {1, 20, 40, 79, 80, 129, 130, 131, 160, 300}) {
    for (std::size_t rows : {1, 2, 5, 10, 23, 24, 25, 45, 100}) {
      const auto shown = rows_of(draw(center, {columns, rows}, false));
      EXPECT_LE(shown.size(), rows) << columns << 'x' << rows;
      for (auto& row : shown) {
        EXPECT_LE(terminal::width(row), columns) << rows << ": " << row;
        EXPECT_EQ(row.find('\x1b'), std::string::npos);
      }
    }
  }
  EXPECT_NE(draw(center, {80, 24}, true).find("\x1b[33m"), std::string::npos);
}

}  // namespace
}  // namespace switchboard::demo
