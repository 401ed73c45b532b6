package org.dangjian.ui.members

object MembersStrings {
    const val TITLE = "党员"
    const val SEARCH = "姓名或党员编号"
    const val EMPTY = "没有找到"
    const val EMPTY_SENTENCE = "换一个姓名或编号再找。这里只有您有权查看的党员。"
    const val MIGRANT = "外出流动"
    const val SUSPENDED = "停止党籍"

    const val MEMBER = "党员信息"
    const val NUMBER = "党员编号"
    const val STANDING = "党员类别"
    const val STATUS = "党籍状态"
    const val ROLES = "职务和流动党支部"
    const val PHONES = "登录的手机"
    const val NO_PHONES = "还没有在手机上登录过"
    const val PHONES_OFFLINE = "连上网才能查看登录的手机"
    const val REVOKE = "停用"
    const val REVOKED = "已停用"
    const val LEDGER = "查看积分明细"
    const val OPEN_LEDGER = "申请查看支部积分明细"
    const val OPENING_LEDGER = "已申请，等平台确认"
    const val NEW_CODE = "开一个激活码"
    const val MOVE = "转到别的支部"
    const val CONFIRM_MOVE = "确定转移"
    const val MOVING = "转移等平台确认"

    const val CODE = "激活码"
    const val CODE_SENTENCE = "请当面告诉本人，只能用一次。旧密码从现在起不能用了。"
    const val ASK_CODE = "给这位党员开新的激活码？"
    const val ASK_CODE_SENTENCE = "开了以后，原来的密码不能再用。"
    const val ASK_REVOKE = "停用这部手机？"
    const val ASK_REVOKE_SENTENCE = "它下次联网时会清除本机内容，没有上传的也不再上传。"

    const val MOVE_TITLE = "转到哪个支部"
    const val BRANCH = "支部名称"
    const val ASK_MOVE_SENTENCE = "转移后，原支部的手机不再有这位党员的内容。"

    fun enrolled(day: String) = "$day 登录"

    fun askMove(
        name: String,
        branch: String,
    ) = "把${name}转到$branch？"
}
